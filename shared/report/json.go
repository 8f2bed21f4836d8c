package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// jsonHead is what the JSON form of every report begins with.
type jsonHead struct {
	Schema   string        `json:"schema"`
	Version  int           `json:"version"`
	Tool     string        `json:"tool"`
	Verdict  string        `json:"verdict,omitempty"`
	Status   string        `json:"status,omitempty"`
	Summary  string        `json:"summary,omitempty"`
	Findings []jsonFinding `json:"findings"`
}

type jsonFinding struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Title    string   `json:"title"`
	Evidence []string `json:"evidence,omitempty"`
	Advice   string   `json:"advice,omitempty"`
	Command  string   `json:"command,omitempty"`
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"`
	Column   int      `json:"column,omitempty"`
}

// writeJSON writes the head and the keys of Data as one object, in the order in
// which they stand there.
func writeJSON(w io.Writer, r *Report) error {
	head := jsonHead{Schema: r.Schema, Version: r.Version, Tool: r.Tool, Verdict: r.Verdict.Word, Summary: r.Verdict.Text, Findings: []jsonFinding{}}
	if r.Verdict.Word != "" {
		head.Status = r.Verdict.Status.String()
	}
	for _, f := range r.Findings {
		head.Findings = append(head.Findings, jsonFinding{
			Rule: f.Rule, Severity: f.Severity.String(), Title: f.Title, Evidence: f.Evidence,
			Advice: f.Advice, Command: f.Command, File: f.At.File, Line: f.At.Line, Column: f.At.Column,
		})
	}
	keys, err := members(head)
	if err != nil {
		return err
	}
	if r.Data != nil {
		data, err := members(r.Data)
		if err != nil {
			return fmt.Errorf("report data: %w", err)
		}
		keys = override(keys, data)
	}
	var object bytes.Buffer
	for i, m := range keys {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		object.WriteByte(separator)
		fmt.Fprintf(&object, "%q:%s", m.key, m.value)
	}
	object.WriteByte('}')
	var indented bytes.Buffer
	if err := json.Indent(&indented, object.Bytes(), "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err = indented.WriteTo(w)
	return err
}

type member struct {
	key   string
	value json.RawMessage
}

// members lists the keys and values of a value that marshals to an object, in
// order.
func members(v any) ([]member, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	d := json.NewDecoder(&encoded)
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("%T is not a JSON object", v)
	}
	var list []member
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: fmt.Sprint(key)} // in an object it is a string
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// override puts data behind head; a key of both has the value of data, except
// schema and version, which say how to read the rest.
func override(head, data []member) []member {
	at := make(map[string]int, len(head))
	for i, m := range head {
		at[m.key] = i
	}
	for _, m := range data {
		i, both := at[m.key]
		switch {
		case !both:
			head = append(head, m)
		case m.key != "schema" && m.key != "version":
			head[i] = m
		}
	}
	return head
}
