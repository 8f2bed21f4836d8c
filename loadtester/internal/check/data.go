package check

import "github.com/seniorbackend/tools/loadtester/internal/target"

// Data is the JSON form.
type Data struct {
	Requests []Request `json:"requests"`
	NotSent  []string  `json:"not_sent,omitempty"`
	Path     string    `json:"path"`
}

// Request is one that was sent.
type Request struct {
	Name         string          `json:"name"`
	Line         string          `json:"request_line"`
	Header       []HeaderField   `json:"request_header"`
	Body         *BodyData       `json:"request_body,omitempty"`
	Response     *Response       `json:"response"` // null: none came
	TookMS       float64         `json:"took_ms"`
	Saved        []SavedData     `json:"saved,omitempty"`
	Expectations []ExpectedValue `json:"expectations"`
}

// Response is an answer.
type Response struct {
	Status int           `json:"status"`
	Header []HeaderField `json:"header"`
	Body   *BodyData     `json:"body,omitempty"`
}

// HeaderField is one line of a header.
type HeaderField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// BodyData is a body; text is at most 64 KiB of it.
type BodyData struct {
	Bytes  int    `json:"bytes"`
	Text   string `json:"text,omitempty"`
	Cut    bool   `json:"cut,omitempty"`
	Binary bool   `json:"binary,omitempty"`
}

// SavedData is a value that a step takes from its answer.
type SavedData struct {
	Name  string `json:"name"`
	From  string `json:"from"`
	Value string `json:"value,omitempty"`
	Found bool   `json:"found"`
}

// ExpectedValue is an expectation and what came of it.
type ExpectedValue struct {
	Name string `json:"name"`
	Want string `json:"want"`
	Got  string `json:"got"`
	Pass bool   `json:"pass"`
}

func newData(w *Walk) *Data {
	d := &Data{Requests: []Request{}, NotSent: w.Missing, Path: w.Run.Path}
	for _, s := range w.Steps {
		r := Request{
			Name: s.Name, Line: s.Request.Line, Header: header(s.Request.Header), Body: bodyData(s.Request.Body),
			TookMS: float64(s.Took) / 1e6, Expectations: []ExpectedValue{},
		}
		if s.Answer != nil {
			r.Response = &Response{Status: s.Status, Header: header(s.Answer.Header), Body: bodyData(s.Answer.Body)}
		}
		for _, v := range s.Saved {
			r.Saved = append(r.Saved, SavedData(v))
		}
		for _, e := range s.Expected {
			r.Expectations = append(r.Expectations, ExpectedValue(e))
		}
		d.Requests = append(d.Requests, r)
	}
	return d
}

func header(list []target.Field) []HeaderField {
	out := []HeaderField{}
	for _, f := range list {
		out = append(out, HeaderField(f))
	}
	return out
}

func bodyData(b Body) *BodyData {
	if b.Bytes == 0 {
		return nil
	}
	return &BodyData{Bytes: b.Bytes, Text: b.Text, Cut: b.Cut, Binary: b.Binary}
}
