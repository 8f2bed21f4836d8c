package workload

import (
	"bufio"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// severityWord parts a line's prefix from its message: whatever log_line_prefix
// is, the word and two blanks stand behind it.
var severityWord = regexp.MustCompile(`^(.*?)\b(LOG|DETAIL|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|DEBUG\d?): {1,2}`)

var (
	bracketed = regexp.MustCompile(`\[(\d+)(?:-\d+)?\]`)
	numbered  = regexp.MustCompile(`\b(\d{2,})\b`)
	stamped   = regexp.MustCompile(`\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?[A-Z]{3,5}| ?[+-]\d\d(?::?\d\d)?|Z)?`)
	atBase    = regexp.MustCompile(`@([^\s:,\[\]]+)`)
	namedBase = regexp.MustCompile(`\b(?:db|database)=([^\s,\]]+)`)
)

// text reads the form of stderr and syslog: a prefix, a word, a message that goes
// on in lines that begin with a tab.
func (l *logReader) text(in *bufio.Reader) error {
	var r record
	started, part := false, ""
	done := func() error {
		if !started {
			return nil
		}
		started = false
		return l.record(r)
	}
	add := func(text string) {
		switch part {
		case "LOG":
			r.message += text
		case "DETAIL":
			r.detail += text
		}
	}
	err := lines(in, func(line string) error {
		m := severityWord.FindStringSubmatchIndex(line)
		if m == nil || strings.HasPrefix(line, "\t") {
			add("\n" + strings.TrimPrefix(line, "\t"))
			return nil
		}
		part = line[m[4]:m[5]]
		rest := line[m[1]:]
		if part == "DETAIL" && started {
			r.detail = rest
			return nil
		}
		if part != "LOG" {
			return nil
		}
		if err := done(); err != nil {
			return err
		}
		started = true
		r = prefixed(line[:m[3]])
		r.severity, r.message = part, rest
		return nil
	})
	if err != nil {
		return err
	}
	return done()
}

// prefixed reads what a line's prefix says.
func prefixed(prefix string) record {
	var r record
	rest := prefix
	if at := stamped.FindString(prefix); at != "" {
		r.at = logTime(at)
		rest = strings.Replace(prefix, at, " ", 1)
	}
	if m := bracketed.FindStringSubmatch(rest); m != nil {
		r.session = m[1]
	} else if m := numbered.FindStringSubmatch(rest); m != nil {
		r.session = m[1]
	}
	if m := namedBase.FindStringSubmatch(rest); m != nil {
		r.database = m[1]
	} else if m := atBase.FindStringSubmatch(rest); m != nil {
		r.database = m[1]
	}
	return r
}

var (
	durationAnd = regexp.MustCompile(`(?s)^duration: ([0-9.]+) ms(?:  (statement|execute [^:\n]*|parse [^:\n]*|bind [^:\n]*|plan):\s?(.*))?$`)
	statementIs = regexp.MustCompile(`(?s)^(?:statement|execute [^:\n]*): (.*)$`)
)

// record takes what a message says of statements.
func (l *logReader) record(r record) error {
	if l.options.Database != "" && r.database != "" && r.database != l.options.Database {
		return nil
	}
	if r.severity != "LOG" {
		return nil
	}
	e := Event{At: r.at, Session: r.session, Duration: -1}
	if m := statementIs.FindStringSubmatch(r.message); m != nil {
		// Its duration may follow. Where none does, it has none.
		if err := l.flushSession(r.session); err != nil {
			return err
		}
		e.SQL = m[1]
		e.Values = parameters(r.detail)
		l.pending[r.session] = e
		return nil
	}
	m := durationAnd.FindStringSubmatch(r.message)
	if m == nil {
		return nil
	}
	ms, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		l.w.Left.Unreadable++
		return nil
	}
	e.Duration = time.Duration(ms * float64(time.Millisecond))
	switch what, _, _ := strings.Cut(m[2], " "); what {
	case "":
		if p, ok := l.pending[r.session]; ok {
			delete(l.pending, r.session)
			p.Duration, p.At = e.Duration, r.at
			return l.run(p, p.Values)
		}
		return nil
	case "parse", "bind":
		l.planned(m[3], e.Duration)
		return nil
	case "plan":
		sql, values := explained(m[3])
		if sql == "" {
			l.w.Left.Unreadable++
			return nil
		}
		e.SQL = sql
		return l.run(e, values)
	}
	e.SQL = m[3]
	delete(l.pending, r.session)
	return l.run(e, parameters(r.detail))
}

// flushSession counts a statement of a session whose duration was not logged.
func (l *logReader) flushSession(session string) error {
	p, ok := l.pending[session]
	if !ok {
		return nil
	}
	delete(l.pending, session)
	return l.run(p, p.Values)
}

func (l *logReader) flush() error {
	for session := range l.pending {
		if err := l.flushSession(session); err != nil {
			return err
		}
	}
	return nil
}

// parameters reads "parameters: $1 = 'a', $2 = NULL".
func parameters(detail string) []string {
	_, list, ok := strings.Cut(detail, "arameters: ")
	if !ok {
		return nil
	}
	var values []string
	for list != "" {
		_, rest, ok := strings.Cut(list, " = ")
		if !ok {
			break
		}
		if tail, isNull := strings.CutPrefix(rest, "NULL"); isNull {
			values, list = append(values, null), tail
			continue
		}
		value, tail, ok := quotedValue(rest)
		if !ok {
			break
		}
		values, list = append(values, value), tail
	}
	return values
}

// quotedValue reads a text in quotes, whose own quotes are doubled.
func quotedValue(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, "'") {
		return "", "", false
	}
	for i := 1; i < len(text); i++ {
		if text[i] != '\'' {
			continue
		}
		if i+1 < len(text) && text[i+1] == '\'' {
			i++
			continue
		}
		return strings.ReplaceAll(text[1:i], "''", "'"), text[i+1:], true
	}
	return "", "", false
}
