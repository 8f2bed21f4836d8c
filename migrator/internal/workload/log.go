package workload

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// LogOptions say how to read a log.
type LogOptions struct {
	// Database leaves out what the log says was run in another database; ""
	// takes all.
	Database string
	// Each is called for every run, in the log's order. It may be nil.
	Each func(Event) error
}

// ErrNoStatements: a log holds none, or none with its text.
var ErrNoStatements = errors.New("no statements in the log")

// ReadLog reads a server's log in any of its forms: text (stderr, syslog), csv or
// JSON, with statements from log_min_duration_statement, log_statement with
// log_duration, or auto_explain. name is for people.
func ReadLog(r io.Reader, name string, o LogOptions) (*Workload, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	l := &logReader{collector: newCollector(name, o.Each), options: o, pending: map[string]Event{}}
	start, err := in.Peek(1 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	switch head := strings.TrimLeft(string(start), " \t\r\n\ufeff"); {
	case strings.HasPrefix(head, "{"):
		err = l.json(in)
	case csvStart.MatchString(head):
		err = l.csv(in)
	default:
		err = l.text(in)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if err := l.flush(); err != nil {
		return nil, err
	}
	if len(l.w.Statements) == 0 {
		return nil, ErrNoStatements
	}
	l.w.Sort()
	return l.w, nil
}

// csvStart is the beginning of a line of a csv log: time, user, database, process.
var csvStart = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [^,\s]+,("[^"]*")?,("[^"]*")?,\d+,`)

// record is one message of a log, whatever its form was.
type record struct {
	at                time.Time
	session, database string
	severity          string
	message, detail   string
}

type logReader struct {
	*collector
	options LogOptions
	// pending are statements whose duration comes in a message of its own, by
	// session.
	pending map[string]Event
}

func (l *logReader) json(in *bufio.Reader) error {
	return lines(in, func(line string) error {
		if strings.TrimSpace(line) == "" {
			return nil
		}
		var m struct {
			Timestamp string `json:"timestamp"`
			Database  string `json:"dbname"`
			PID       int    `json:"pid"`
			Session   string `json:"session_id"`
			Severity  string `json:"error_severity"`
			Message   string `json:"message"`
			Detail    string `json:"detail"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			l.w.Left.Unreadable++
			return nil
		}
		r := record{at: logTime(m.Timestamp), session: m.Session, database: m.Database, severity: m.Severity, message: m.Message, detail: m.Detail}
		if r.session == "" {
			r.session = fmt.Sprint(m.PID)
		}
		return l.record(r)
	})
}

func (l *logReader) csv(in *bufio.Reader) error {
	reader := csv.NewReader(in)
	reader.FieldsPerRecord, reader.ReuseRecord, reader.LazyQuotes = -1, true, true
	const (
		database, session, severity, message, detail = 2, 5, 11, 13, 14
		fewest                                       = 22
	)
	for {
		f, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) || err == nil && len(f) < fewest {
			l.w.Left.Unreadable++
			continue
		}
		if err != nil {
			return err
		}
		r := record{at: logTime(f[0]), session: f[session], database: f[database], severity: f[severity], message: f[message], detail: f[detail]}
		if err := l.record(r); err != nil {
			return err
		}
	}
}

// lines calls f for each line, without its end.
func lines(in *bufio.Reader, f func(line string) error) error {
	for {
		line, err := in.ReadString('\n')
		if line != "" {
			if err := f(strings.TrimRight(line, "\r\n")); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// logTime reads the time of a message; zero where it has another form.
func logTime(text string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05.999 MST", "2006-01-02 15:04:05.999 -07", time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
