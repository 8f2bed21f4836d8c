package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Row is a row of a rule's query: values by the names of their columns.
type Row map[string]any

// ParseRow reads a row that the server wrote as a JSON object.
func ParseRow(object []byte) (Row, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber() // sequences and sizes go beyond 2^53
	var r Row
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("read a row: %w", err)
	}
	return r, nil
}

// text is a column's value as it is written; "" for NULL.
func (r Row) text(column string) string {
	switch v := r[column].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// float is a number; 0 for NULL.
func (r Row) float(column string) float64 {
	if n, ok := r[column].(json.Number); ok {
		f, _ := n.Float64() // out of range is infinite, which is far beyond every limit
		return f
	}
	return 0
}

// int is a whole number; 0 for NULL.
func (r Row) int(column string) int64 {
	if n, ok := r[column].(json.Number); ok {
		if i, err := n.Int64(); err == nil {
			return i
		}
	}
	return int64(r.float(column))
}

func (r Row) bool(column string) bool { v, _ := r[column].(bool); return v }

func (r Row) null(column string) bool { return r[column] == nil }

// list is an array of texts.
func (r Row) list(column string) []string {
	var all []string
	values, _ := r[column].([]any)
	for _, v := range values {
		all = append(all, fmt.Sprint(v))
	}
	return all
}

// short is a name without the schema that everybody has.
func short(name string) string { return strings.TrimPrefix(name, "public.") }
