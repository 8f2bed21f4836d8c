package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// YAML is the document of a, as YAML with an indentation of two.
func YAML(a *api.API) ([]byte, error) {
	data, err := yaml.Dump(document(a), yaml.WithV3Defaults(), yaml.WithLineWidth(-1), yaml.WithIndent(2))
	if err != nil {
		return nil, fmt.Errorf("writing YAML: %w", err)
	}
	return data, nil
}

// JSON is the document of a, as JSON with an indentation of two.
func JSON(a *api.API) ([]byte, error) {
	var compact, b bytes.Buffer
	if err := writeJSON(&compact, document(a)); err != nil {
		return nil, err
	}
	if err := json.Indent(&b, compact.Bytes(), "", "  "); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeString(b, n.Content[i].Value); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := writeJSON(b, n.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		if n.Tag == "!!str" {
			return writeString(b, n.Value)
		}
		b.WriteString(n.Value)
	}
	return nil
}

// writeString writes a string of JSON that parsers of YAML take for the same.
func writeString(b *bytes.Buffer, s string) error {
	var quoted bytes.Buffer
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	for _, r := range strings.TrimSuffix(quoted.String(), "\n") {
		if needsQuotes(r) {
			fmt.Fprintf(b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return nil
}
