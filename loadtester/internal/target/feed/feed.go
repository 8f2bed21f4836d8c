// Package feed reads the tables that fill a request's places: CSV with a header
// line, and JSON lines.
package feed

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"path/filepath"
	"sort"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// Parse reads an argument: FILE or NAME=FILE, and ",random" behind it. The name
// is the file's without its ending.
func Parse(arg string) (target.Feeder, error) {
	file, random := strings.CutSuffix(arg, ",random")
	name, rest, named := strings.Cut(file, "=")
	if named && !strings.ContainsAny(name, `/\.`) {
		file = rest
	} else {
		name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	if name == "" || strings.ContainsAny(name, " {}$.") {
		return target.Feeder{}, problem.New("write --feed users=FILE; places read {{users.column}}", "the feeder %q has no usable name", arg)
	}
	data, err := target.ReadFile(file)
	if err != nil {
		return target.Feeder{}, err
	}
	f, err := Read(data, file)
	f.Name, f.Random = name, random
	return f, err
}

// Read tells the form by the first character. file is for messages.
func Read(data []byte, file string) (target.Feeder, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var f target.Feeder
	var err error
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		f, err = readJSON(data, file)
	} else {
		f, err = readCSV(data, file)
	}
	if err != nil {
		return target.Feeder{}, err
	}
	if len(f.Rows) == 0 {
		return target.Feeder{}, problem.New("the first line names the columns, each later one is a row", "it has no rows").In(file, 0, 0)
	}
	return f, nil
}

func readCSV(data []byte, file string) (target.Feeder, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = separator(data)
	r.TrimLeadingSpace = true
	records, err := r.ReadAll()
	if err != nil {
		var p *csv.ParseError
		if errors.As(err, &p) {
			return target.Feeder{}, problem.Wrap(err, "each row has as many values as there are columns; quote values that hold the separator", "%s", p.Err).In(file, p.Line, p.Column)
		}
		return target.Feeder{}, err
	}
	if len(records) == 0 {
		return target.Feeder{}, nil
	}
	f := target.Feeder{Columns: records[0], Rows: records[1:]}
	for i, c := range f.Columns {
		f.Columns[i] = strings.TrimSpace(c)
		if f.Columns[i] == "" || strings.ContainsAny(f.Columns[i], " {}$") {
			return f, problem.New("the first line names the columns: email,id", "the column name %q cannot stand in {{…}}", c).In(file, 1, 0)
		}
	}
	return f, nil
}

// separator is the one that the first line has most of: comma, semicolon, tab.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// readJSON reads objects, one after the other or in an array. Each key is a
// column; text goes in without quotes, everything else as its JSON.
func readJSON(data []byte, file string) (target.Feeder, error) {
	objects, err := objects(data, file)
	if err != nil {
		return target.Feeder{}, err
	}
	known := map[string]bool{}
	var f target.Feeder
	for _, o := range objects {
		for key := range o {
			if !known[key] {
				known[key] = true
				f.Columns = append(f.Columns, key)
			}
		}
	}
	sort.Strings(f.Columns)
	for _, o := range objects {
		row := make([]string, len(f.Columns))
		for i, key := range f.Columns {
			raw, ok := o[key]
			if !ok {
				continue
			}
			if json.Unmarshal(raw, &row[i]) != nil {
				row[i] = string(raw)
			}
		}
		f.Rows = append(f.Rows, row)
	}
	return f, nil
}

func objects(data []byte, file string) ([]map[string]json.RawMessage, error) {
	fault := func(err error, offset int64) error {
		offset = min(offset, int64(len(data)))
		line := 1 + bytes.Count(data[:offset], []byte("\n"))
		return problem.Wrap(err, `write one object a line: {"email": "a@b.example", "id": 1}`, "%s", strings.TrimPrefix(err.Error(), "json: ")).In(file, line, 0)
	}
	var list []map[string]json.RawMessage
	if bytes.TrimSpace(data)[0] == '[' {
		if err := json.Unmarshal(data, &list); err != nil {
			var syntax *json.SyntaxError
			offset := int64(0)
			if errors.As(err, &syntax) {
				offset = syntax.Offset
			}
			return nil, fault(err, offset)
		}
		return list, nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	for d.More() {
		var o map[string]json.RawMessage
		if err := d.Decode(&o); err != nil {
			return nil, fault(err, d.InputOffset())
		}
		list = append(list, o)
	}
	return list, nil
}
