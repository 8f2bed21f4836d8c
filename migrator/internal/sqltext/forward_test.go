package sqltext

import (
	"strings"
	"testing"
)

func TestForward(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "CREATE TABLE a (i int);\n-- down the road\nDROP TABLE b;\n", "CREATE TABLE a (i int);\n-- down the road\nDROP TABLE b;\n"},
		{"goose", "-- +goose Up\nA;\n-- +goose Down\nB;\n", "-- +goose Up\nA;\n              \n  \n"},
		{"goose, the other way round", "-- +goose Down\nB;\n-- +goose Up\nA;\n", "              \n  \n-- +goose Up\nA;\n"},
		{"goose, twice", "--+goose up\nA;\n  --  +GOOSE DOWN\r\nB;\n-- +goose Up\nC;", "--+goose up\nA;\n                 \r\n  \n-- +goose Up\nC;"},
		{"dbmate", "-- migrate:up\nA;\n\n-- migrate:down transaction:false\nB;\n", "-- migrate:up\nA;\n\n                                   \n  \n"},
		{"sql-migrate", "-- +migrate Up\nA;\n-- +migrate Down\nB;\n", "-- +migrate Up\nA;\n                \n  \n"},
		{"only back", "A;\n-- migrate:down is a word\nB;\n", "A;\n-- migrate:down is a word\nB;\n"},
		{"in a string", "-- +goose Up\nSELECT '\n-- +goose Down\n';\n", "-- +goose Up\nSELECT '\n-- +goose Down\n';\n"},
		{"in a body", "-- +goose Up\nDO $$\n-- +goose Down\n$$;\n-- +goose Down\nB;\n", "-- +goose Up\nDO $$\n-- +goose Down\n$$;\n              \n  \n"},
		{"behind a statement", "-- migrate:up\nA; -- migrate:down\nB;\n", "-- migrate:up\nA; -- migrate:down\nB;\n"},
	} {
		got := Forward(c.text)
		// The runners' marks are longer than they look: compare without counting blanks.
		if squeeze(got) != squeeze(c.want) || len(got) != len(c.text) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	for text, want := range map[string]bool{
		"-- +goose NO TRANSACTION\n-- +goose Up\nA;": true, "-- migrate:up transaction:false\nA;": true, "-- +migrate Up notransaction\n": true,
		"-- +goose Up\nA;": false, "-- migrate:up\nA; -- transaction:false": false,
	} {
		if Untransacted(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func squeeze(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// The two ways share a file: every byte belongs to one of them, and places stay.
func FuzzWays(f *testing.F) {
	for _, s := range []string{"-- +goose Up\nA;\n-- +goose Down\nB;\n", "-- migrate:down\nB;\n-- migrate:up\nA;", "x\r\n-- +migrate Down\n$$\n-- +migrate Up\n$$;é", "--+goose down"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		forward := Forward(text)
		back, ok := Backward(text)
		if len(forward) != len(text) || ok && len(back) != len(text) {
			t.Fatalf("%q: %q, %q", text, forward, back)
		}
		for i := range len(text) {
			there := forward[i] == text[i] || ok && back[i] == text[i]
			both := BothWays(text) && forward[i] == text[i] && back[i] == text[i] && !strings.ContainsRune(" \n\r", rune(text[i]))
			if !there || both {
				t.Fatalf("%q: byte %d is in none or in both: %q, %q", text, i, forward, back)
			}
		}
	})
}
