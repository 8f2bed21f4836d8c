package e2e

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// readsDatabaseSettings: the pool has what the table of settings reads, units included,
// and what makes no sense ends the start with one line that shows no secret.
func (s server) readsDatabaseSettings(t *testing.T, url string) {
	for name, value := range map[string]string{
		"DATABASE_POOL": "0", "DATABASE_CONNECT_TIMEOUT": "3 fortnights", "DATABASE_STATEMENT_TIMEOUT": "-1", "DATABASE_PREPARE": "no",
	} {
		s.refusesSetting(t, name, value)
	}
	for _, value := range []string{
		"mysql://u:S3cr3t@h/d", "postgres://u:S3cr3t@h:99999/d", "postgres://u:S3cr3t%zz@h/d", "postgres://u:S3cr3t@h/d?sslrootcert=/no/such.pem",
	} {
		s.refusesSetting(t, "DATABASE_URL", value)
	}
	for _, c := range []struct {
		env              map[string]string
		timeout, message string
		prepares         bool
	}{
		{map[string]string{"DATABASE_STATEMENT_TIMEOUT": "7s", "DATABASE_CONNECT_TIMEOUT": "2s", "DATABASE_POOL": " 1 "}, "7s", "units", true},
		{map[string]string{"DATABASE_STATEMENT_TIMEOUT": "", "DATABASE_CONNECT_TIMEOUT": "", "DATABASE_POOL": "", "DATABASE_PREPARE": ""}, "10s", "empty is not set", true},
		{map[string]string{"DATABASE_STATEMENT_TIMEOUT": "1500", "DATABASE_PREPARE": " off "}, "1500ms", "milliseconds", false},
	} {
		t.Run(c.message, func(t *testing.T) {
			t.Setenv("DATABASE_URL", url)
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			timeout, prepared := session(t, s.serve(t))
			if timeout != c.timeout || prepared > 0 != c.prepares {
				t.Errorf("a session has a statement_timeout of %s and %d prepared statements", timeout, prepared)
			}
		})
	}
}

// session is how a session of the pool is set up, as the view sessions of shop.sql says.
func session(t *testing.T, base string) (timeout string, prepared int) {
	response, err := http.Get(base + "/sessions")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body struct {
		Data []struct {
			Timeout  string `json:"statement_timeout"`
			Prepared int    `json:"prepared"`
		} `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil || len(body.Data) != 1 {
		t.Fatalf("GET /sessions: %v, %d rows", err, len(body.Data))
	}
	return body.Data[0].Timeout, body.Data[0].Prepared
}

func (s server) refusesSetting(t *testing.T, name, value string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "node", "dist/server.js")
	c.Dir = s.dir
	c.Env = append(os.Environ(), "PORT=0", name+"="+value)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("%s=%s: %v, want exit code 2", name, value, err)
	}
	said := string(out)
	if !strings.HasPrefix(said, "error: "+name+" must be ") || strings.Count(said, "\n") != 1 || strings.Contains(said, "S3cr3t") {
		t.Errorf("%s=%s: it says %q", name, value, said)
	}
}
