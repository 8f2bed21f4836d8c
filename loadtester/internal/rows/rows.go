package rows

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/shared/problem"
)

// Form is how a row is written.
type Form int

const (
	NDJSON Form = iota
	CSV
)

// FormOf is the form of a file by its name.
func FormOf(name string) (Form, error) {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".ndjson", ".jsonl":
		return NDJSON, nil
	case ".csv":
		return CSV, nil
	default:
		return NDJSON, problem.New("name it results.ndjson or results.csv", "--results %s: the name does not say which form it should have", name)
	}
}

const (
	chunk  = 4096 // rows that change hands at once
	chunks = 16   // and so many of them exist: about 7 MB
)

// row is what is kept of a request until it is written.
type row struct {
	begin time.Time
	record.Outcome
}

// Writer takes rows from several goroutines and writes them to one file.
type Writer struct {
	names []string // of the targets
	form  Form
	out   *bufio.Writer

	mu      sync.Mutex
	current []row
	full    chan []row
	free    chan []row
	written sync.WaitGroup
	err     error // of the file; read it after Close
}

// New begins to write to w. names are the targets', by number.
func New(w io.Writer, form Form, names []string) *Writer {
	t := &Writer{names: names, form: form, out: bufio.NewWriterSize(w, 64<<10), full: make(chan []row, chunks), free: make(chan []row, chunks)}
	for range chunks - 1 {
		t.free <- nil // made when it is needed
	}
	t.current = make([]row, 0, chunk)
	if form == CSV {
		_, t.err = t.out.WriteString(header + "\n")
	}
	t.written.Go(t.write)
	return t
}

// Add takes a row. Times in o count from begin.
func (t *Writer) Add(begin time.Time, o record.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current = append(t.current, row{begin, o})
	if len(t.current) == chunk {
		t.full <- t.current
		if t.current = <-t.free; t.current == nil {
			t.current = make([]row, 0, chunk)
		}
	}
}

// Close writes what is left, and gives the first error of the file.
func (t *Writer) Close() error {
	t.mu.Lock()
	t.full <- t.current
	close(t.full)
	t.mu.Unlock()
	t.written.Wait()
	return t.err
}

// write is the goroutine that encodes and writes. After an error it goes on
// taking rows, so that the run goes on.
func (t *Writer) write() {
	var line []byte
	for list := range t.full {
		for i := range list {
			if t.err != nil {
				break
			}
			line = t.append(line[:0], &list[i])
			_, t.err = t.out.Write(line)
		}
		t.free <- list[:0]
	}
	if err := t.out.Flush(); t.err == nil {
		t.err = err
	}
}

const header = "request,target,due,sent_ms,latency_ms,service_ms,status,outcome,cause"

// outcome and cause say what became of a request, and why it failed.
func (r *row) outcome() (word, cause string) {
	switch {
	case r.End == record.NoEnd:
		return "unfinished", ""
	case r.End == record.NeverOut:
		return "not_sent", ""
	case r.Class != record.OK:
		return "failure", r.Class.Key()
	case !r.Success:
		return "failure", "status"
	}
	return "success", ""
}

// append writes a row. sent_ms is how long after its moment it was sent; latency
// counts from that moment, service from the sending.
func (t *Writer) append(b []byte, r *row) []byte {
	name := ""
	if r.Target >= 0 && r.Target < len(t.names) {
		name = t.names[r.Target]
	}
	word, cause := r.outcome()
	due := r.begin.Add(r.Due).UTC()
	if t.form == CSV {
		b = strconv.AppendUint(b, r.Request, 10)
		b = append(append(b, ','), quoted(name)...)
		b = due.AppendFormat(append(b, ','), stamp)
		b = t.times(b, r, ",", ",", ",")
		b = append(b, ',')
		if r.Status > 0 {
			b = strconv.AppendInt(b, int64(r.Status), 10)
		}
		b = append(append(b, ','), word...)
		b = append(append(b, ','), cause...)
		return append(b, '\n')
	}
	b = strconv.AppendUint(append(b, `{"request":`...), r.Request, 10)
	if name != "" {
		text, _ := json.Marshal(name) // a string
		b = append(append(b, `,"target":`...), text...)
	}
	b = due.AppendFormat(append(b, `,"due":"`...), stamp)
	b = append(b, '"')
	b = t.times(b, r, `,"sent_ms":`, `,"latency_ms":`, `,"service_ms":`)
	if r.Status > 0 {
		b = strconv.AppendInt(append(b, `,"status":`...), int64(r.Status), 10)
	}
	b = append(append(append(b, `,"outcome":"`...), word...), '"')
	if cause != "" {
		b = append(append(append(b, `,"cause":"`...), cause...), '"')
	}
	return append(b, "}\n"...)
}

const stamp = "2006-01-02T15:04:05.000000Z07:00"

// times writes what there is of a request's times; in a csv row a place stays
// empty, in ndjson the key is left out.
func (t *Writer) times(b []byte, r *row, sent, latency, service string) []byte {
	put := func(key string, d time.Duration, there bool) {
		if there || t.form == CSV {
			b = append(b, key...)
		}
		if there {
			b = strconv.AppendFloat(b, float64(d)/1e6, 'f', 3, 64)
		}
	}
	put(sent, r.Sent-r.Due, r.End != record.NeverOut)
	put(latency, r.Done-r.Due, r.End == record.Whole)
	put(service, r.Done-r.Sent, r.End == record.Whole)
	return b
}

// quoted is a name as a field of csv.
func quoted(name string) string {
	if !strings.ContainsAny(name, "\",\r\n") {
		return name
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{name}) // to memory
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}
