package datagen

import (
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
)

// TestRowsDeclareWhatTheyCall: what rows.ts calls is told by the values of rows, not by
// how their columns are called.
func TestRowsDeclareWhatTheyCall(t *testing.T) {
	integer := &relation.Type{Category: relation.Integer, Name: "integer", Base: "int4", Ordered: true}
	uuid := &relation.Type{Category: relation.UUID, Name: "uuid", Base: "uuid", Ordered: true}
	declarations := []string{"import { randomUUID }", "let count", "function uniqueNumber(", "function uniqueText("}
	for name, c := range map[string]struct {
		unique *relation.Type
		want   []bool
	}{
		"nothing":    {nil, []bool{false, false, false, false}},
		"randomUUID": {uuid, []bool{true, false, false, false}},
		"numbers":    {integer, []bool{false, true, true, false}},
	} {
		table := &relation.Table{Schema: "public", Name: "t", Kind: relation.Ordinary, CanInsert: true, CanUpdate: true, CanDelete: true}
		for _, column := range []string{"randomUUID()", "uniqueNumber()", "uniqueText(", "unique"} {
			table.Columns = append(table.Columns, &relation.Column{Name: column, Type: integer, NotNull: true, Writable: true})
		}
		if c.unique != nil {
			key := &relation.Column{Name: "key", Type: c.unique, NotNull: true, Writable: true}
			table.Columns, table.Key = append(table.Columns, key), []*relation.Column{key}
		}
		service := restapi.Make(&relation.Database{Name: "db", Tables: []*relation.Table{table}}, restapi.Options{})
		text := newGenerator(service, Options{SourceDir: "src", Int64: "number"}).rowsFile()
		if !strings.Contains(text, "'uniqueNumber()': ") {
			t.Fatalf("%s: the table has no row:\n%s", name, text)
		}
		for i, declaration := range declarations {
			if strings.Contains(text, declaration) != c.want[i] {
				t.Errorf("%s: %q: want %v in\n%s", name, declaration, c.want[i], text)
			}
		}
	}
}
