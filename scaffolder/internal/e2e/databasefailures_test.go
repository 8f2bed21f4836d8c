package e2e

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// patch changes a row of pairs, which takes a while (see shop.sql).
func patch(base, path, body string) (status int, text, retryAfter string, err error) {
	request, err := http.NewRequest(http.MethodPatch, base+path, strings.NewReader(body))
	if err != nil {
		return 0, "", "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", "", err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, string(data), response.Header.Get("Retry-After"), err
}

const newPairs = `DELETE FROM pairs; INSERT INTO pairs (id, other_id) VALUES (1, 2), (2, 1); SELECT setval('pair_tries', 1, false)`

// outlivesDeadlocks: two requests that wait for each other are both answered, since
// the one that the database gave up is tried again.
func (s server) outlivesDeadlocks(t *testing.T, postgres *pgtest.Server, url string) {
	t.Setenv("DATABASE_URL", url)
	base := s.serve(t)
	for range 5 { // until the two have met
		postgres.Run(url, newPairs)
		failed := make(chan string, 2)
		for _, path := range []string{"/pairs/1", "/pairs/2"} {
			go func() {
				status, text, _, err := patch(base, path, `{"note":"x"}`)
				if err != nil {
					text = err.Error()
				} else if status == http.StatusOK {
					text = ""
				}
				failed <- text
			}()
		}
		for range 2 {
			if text := <-failed; text != "" {
				t.Fatal(text)
			}
		}
		if n := strings.TrimSpace(postgres.Run(url, "SELECT string_agg(n::text || note, ' ') FROM pairs")); n != "1x 1x" {
			t.Fatalf("the rows are %q: a change is lost, or done twice", n)
		}
		if strings.TrimSpace(postgres.Run(url, "SELECT last_value > 2 FROM pair_tries")) == "t" {
			return
		}
	}
	t.Error("no two requests met in a deadlock")
}

// outlivesTerminatedSessions: a request whose session is terminated while it waits is
// told to come again, and the next one has a new session.
func (s server) outlivesTerminatedSessions(t *testing.T, postgres *pgtest.Server, url string) {
	t.Setenv("DATABASE_URL", url)
	base := s.serve(t)
	postgres.Run(url, newPairs)
	terminated := make(chan error, 1)
	go func() {
		_, err := postgres.Try(url, `DO $$ BEGIN
			FOR i IN 1..1000 LOOP
				PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND query LIKE '%pairs%' AND pid <> pg_backend_pid();
				EXIT WHEN FOUND;
				PERFORM pg_stat_clear_snapshot(), pg_sleep(0.01);
			END LOOP;
		END $$`)
		terminated <- err
	}()
	var status int
	for range 20 { // until the session has been found while it slept
		var text, retryAfter string
		var err error
		if status, text, retryAfter, err = patch(base, "/pairs/1", `{"note":"y"}`); err != nil {
			t.Fatal(err)
		}
		if status == http.StatusOK {
			continue
		}
		if status != http.StatusServiceUnavailable || retryAfter != "1" {
			t.Errorf("the session is terminated: %d %s, Retry-After: %q", status, text, retryAfter)
		}
		break
	}
	if err := <-terminated; err != nil {
		t.Fatal(err)
	}
	if status == http.StatusOK {
		t.Error("no request was met by the end of its session")
	}
	if status, text, _, err := patch(base, "/pairs/1", `{"note":"z"}`); err != nil || status != http.StatusOK {
		t.Errorf("the request after that: %d %s %v", status, text, err)
	}
}

const endSessions = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5`

// leaksNothing: transactions end under requests of several callers, by the end of their
// sessions and of the whole database. What is answered is the caller's own, or 503.
func (s server) leaksNothing(t *testing.T, postgres *pgtest.Server, url, private string) {
	base := s.serve(t)
	while := func(t *testing.T, disturb func(times int)) {
		ctx, done := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for i := 0; ctx.Err() == nil; i++ {
				disturb(i)
				time.Sleep(50 * time.Millisecond)
			}
		}()
		said := run(t, limit, ".", "node", "testdata/database/leaks.mjs", base, private, "500")
		done()
		<-ended
		t.Log(said)
		if !strings.Contains(said, "503 ×") {
			t.Errorf("nothing was disturbed: %s", said)
		}
	}
	t.Run("nothing ends", func(t *testing.T) { while(t, func(int) {}) }) // but what takes too long
	t.Run("sessions end", func(t *testing.T) {
		while(t, func(times int) {
			if times < 20 {
				if out, err := postgres.Try(url, endSessions); err != nil {
					t.Error(out, err)
				}
			}
		})
	})
	t.Run("the database ends", func(t *testing.T) {
		while(t, func(times int) {
			if times == 3 {
				postgres.Down()
				postgres.Up()
			}
		})
	})
}
