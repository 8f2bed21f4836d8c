package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi/datamodel"

	"github.com/seniorbackend/tools/shared/problem"
)

// parse turns the text of a file into its nodes. Errors name line and column.
func parse(name string, data []byte) (*yaml.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) == 0 {
		return nil, problem.New("an OpenAPI document starts with a line such as openapi: 3.1.0", "the document is empty").In(name, 0, 0)
	}
	if !utf8.Valid(data) {
		line, column := place(data, invalidUTF8(data))
		return nil, problem.New("save it as UTF-8", "the document is not UTF-8 text").In(name, line, column)
	}
	// The YAML parser takes much for JSON that is none: a missing comma becomes
	// part of a value.
	if looksLikeJSON(name, trimmed) {
		if err := checkJSON(name, data); err != nil {
			return nil, err
		}
	}
	if line := secondDocument(data); line > 0 {
		return nil, problem.New("keep one of them in this file", "a second YAML document begins here; a file holds one").In(name, line, 1)
	}
	info, err := datamodel.ExtractSpecInfoWithConfig(data, &datamodel.DocumentConfiguration{
		BypassDocumentCheck: true, // version and kind are checked with their places
		SkipJSONConversion:  true,
	})
	if err == nil && info.RootNode != nil && len(info.RootNode.Content) == 1 &&
		info.RootNode.Content[0].Kind != yaml.ScalarNode {
		return info.RootNode.Content[0], nil
	}
	return nil, syntaxProblem(name, data)
}

// syntaxProblem says why data cannot be read. libopenapi gives only a text, so
// the parser is asked once more for the place.
func syntaxProblem(name string, data []byte) error {
	var node yaml.Node
	err := yaml.Unmarshal(data, &node)
	if i := bytes.IndexFunc(data, isControl); err != nil && i >= 0 {
		line, column := place(data, i)
		return problem.Wrap(err, "take the character out", "not readable as YAML: the control character %U", data[i]).In(name, line, column)
	}
	var load *yaml.LoadError
	if errors.As(err, &load) {
		return problem.Wrap(err, syntaxHint(load.Message), "not readable as YAML: %s", load.Message).
			In(name, load.Mark.Line, load.Mark.Column)
	}
	if err != nil {
		return problem.Wrap(err, "", "not readable as YAML: %v", err).In(name, 0, 0)
	}
	return problem.New("an OpenAPI document starts with a line such as openapi: 3.1.0",
		"this is not an OpenAPI document: it holds no mapping of keys to values").In(name, 1, 1)
}

func syntaxHint(message string) string {
	switch {
	case strings.Contains(message, "cannot start any token"):
		return "YAML indents with spaces, never with tabs; a value that starts with @, `, % or a tab needs quotes"
	case strings.Contains(message, "mapping values are not allowed"):
		return "a value that holds \": \" needs quotes"
	case strings.Contains(message, "unknown anchor"):
		return "define the anchor with & before it is used with *"
	case strings.Contains(message, "end of stream"):
		return "a quote or a bracket is not closed"
	}
	return "check the indentation, quotes and brackets at this place and just before it"
}

func looksLikeJSON(name string, trimmed []byte) bool {
	return trimmed[0] == '{' && !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") ||
		strings.EqualFold(filepath.Ext(name), ".json")
}

func checkJSON(name string, data []byte) error {
	if json.Valid(data) {
		return nil
	}
	var v json.RawMessage
	err := json.Unmarshal(data, &v)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return nil
	}
	line, column := place(data, max(int(syntax.Offset)-1, 0))
	return problem.Wrap(err, "check the commas, quotes and brackets at this place and just before it",
		"not readable as JSON: %v", err).In(name, line, column)
}

// secondDocument is the line on which a YAML document follows another one, or 0.
// No other text of YAML begins a line with three dashes and a space.
func secondDocument(data []byte) int {
	number, begun, marked := 0, false, 0
	for line := range bytes.Lines(data) {
		number++
		text := bytes.TrimRight(line, " \t\r\n")
		switch {
		case bytes.Equal(text, []byte("---")) || bytes.HasPrefix(text, []byte("--- ")):
			if begun {
				marked = number
			}
			begun = begun || len(text) > 3
		case len(text) == 0 || text[0] == '#' || text[0] == '%' && !begun:
		case marked > 0:
			return marked
		default:
			begun = true
		}
	}
	return 0
}

// isControl holds for what YAML does not take: all control characters but tabs
// and line ends.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f
}

// place is the line and the column (in code points) of a byte offset.
func place(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	line = bytes.Count(before, []byte{'\n'}) + 1
	start := bytes.LastIndexByte(before, '\n') + 1
	return line, utf8.RuneCount(before[start:]) + 1
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}
