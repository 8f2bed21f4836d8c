package rows

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// outcomes are one of each kind.
func outcomes() []record.Outcome {
	ms := time.Millisecond
	return []record.Outcome{
		{Request: 1, Target: 0, Due: 10 * ms, Sent: 11 * ms, Done: 15 * ms, Status: 200, Success: true},
		{Request: 2, Target: 1, Due: 20 * ms, Sent: 20 * ms, Done: 29 * ms, Status: 404},
		{Request: 3, Target: 1, Due: 30 * ms, Sent: 30 * ms, Done: 31 * ms, Class: record.Reset},
		{Request: 4, Target: 1, Due: 40 * ms, Sent: 41 * ms, Done: 99 * ms, Status: 200, Class: record.UnexpectedBody},
		{Request: 5, Target: 0, End: record.NoEnd, Due: 50 * ms, Sent: 52 * ms, Done: 99 * ms},
		{Request: 6, Target: 7, End: record.NeverOut, Due: 60 * ms, Sent: 99 * ms, Done: 99 * ms},
	}
}

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func write(t *testing.T, form Form, names []string) string {
	t.Helper()
	var b bytes.Buffer
	w := New(&b, form, names)
	for _, o := range outcomes() {
		w.Add(begin, o)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestForms(t *testing.T) {
	names := []string{"GET /a", `GET /"b",c`}
	wantCSV := `request,target,due,sent_ms,latency_ms,service_ms,status,outcome,cause
1,GET /a,2026-01-02T03:04:05.010000Z,1.000,5.000,4.000,200,success,
2,"GET /""b"",c",2026-01-02T03:04:05.020000Z,0.000,9.000,9.000,404,failure,status
3,"GET /""b"",c",2026-01-02T03:04:05.030000Z,0.000,1.000,1.000,,failure,connection_reset
4,"GET /""b"",c",2026-01-02T03:04:05.040000Z,1.000,59.000,58.000,200,failure,unexpected_body
5,GET /a,2026-01-02T03:04:05.050000Z,2.000,,,,unfinished,
6,,2026-01-02T03:04:05.060000Z,,,,,not_sent,
`
	if got := write(t, CSV, names); got != wantCSV {
		t.Errorf("%s", got)
	}
	wantJSON := `{"request":1,"target":"GET /a","due":"2026-01-02T03:04:05.010000Z","sent_ms":1.000,"latency_ms":5.000,"service_ms":4.000,"status":200,"outcome":"success"}
{"request":2,"target":"GET /\"b\",c","due":"2026-01-02T03:04:05.020000Z","sent_ms":0.000,"latency_ms":9.000,"service_ms":9.000,"status":404,"outcome":"failure","cause":"status"}
{"request":3,"target":"GET /\"b\",c","due":"2026-01-02T03:04:05.030000Z","sent_ms":0.000,"latency_ms":1.000,"service_ms":1.000,"outcome":"failure","cause":"connection_reset"}
{"request":4,"target":"GET /\"b\",c","due":"2026-01-02T03:04:05.040000Z","sent_ms":1.000,"latency_ms":59.000,"service_ms":58.000,"status":200,"outcome":"failure","cause":"unexpected_body"}
{"request":5,"target":"GET /a","due":"2026-01-02T03:04:05.050000Z","sent_ms":2.000,"outcome":"unfinished"}
{"request":6,"due":"2026-01-02T03:04:05.060000Z","outcome":"not_sent"}
`
	if got := write(t, NDJSON, names); got != wantJSON {
		t.Errorf("%s", got)
	}
}

// Any name is read again as it was, in both forms.
func FuzzNames(f *testing.F) {
	f.Add("GET /a,\"b\"\n")
	f.Fuzz(func(t *testing.T, name string) {
		if strings.ContainsAny(name, "\r\x00") || !json.Valid([]byte(fmt.Sprintf("%q", "x"))) || strings.ToValidUTF8(name, "") != name {
			t.Skip("csv readers drop carriage returns, and JSON has no invalid text")
		}
		lines, err := csv.NewReader(strings.NewReader(write(t, CSV, []string{name, name}))).ReadAll()
		if err != nil || len(lines) != 7 || lines[1][1] != name {
			t.Errorf("%q: %v %v", name, lines, err)
		}
		var row struct{ Target string }
		line, _, _ := strings.Cut(write(t, NDJSON, []string{name}), "\n")
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.Target != name {
			t.Errorf("%q: %q %v", name, row.Target, err)
		}
	})
}

// slow is a disk that keeps its writers waiting, and then is full.
type slow struct {
	bytes.Buffer
	full int
}

func (s *slow) Write(b []byte) (int, error) {
	time.Sleep(time.Millisecond)
	if s.full > 0 && s.Len() > s.full {
		return 0, errors.New("no space left")
	}
	return s.Buffer.Write(b)
}

// More rows than there is memory for, from several goroutines, to a slow disk:
// each is written once.
func TestNoRowIsLost(t *testing.T) {
	const each = chunk*chunks/4 + 1000
	disk := &slow{}
	w := New(disk, CSV, nil)
	var all sync.WaitGroup
	for k := range 8 {
		all.Go(func() {
			for i := range each {
				w.Add(begin, record.Outcome{Request: uint64(k*each + i)})
			}
		})
	}
	all.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&disk.Buffer).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, l := range lines[1:] {
		seen[l[0]] = true
	}
	if len(seen) != 8*each || len(lines) != 8*each+1 {
		t.Errorf("%d rows, %d different, of %d", len(lines)-1, len(seen), 8*each)
	}
}

// A full disk is said at the end, and holds nobody up.
func TestFullDisk(t *testing.T) {
	w := New(&slow{full: 100_000}, NDJSON, nil)
	for i := range 3 * chunk * chunks {
		w.Add(begin, record.Outcome{Request: uint64(i)})
	}
	if err := w.Close(); err == nil || err.Error() != "no space left" {
		t.Errorf("%v", err)
	}
}
