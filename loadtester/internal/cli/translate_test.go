package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestTranslate(t *testing.T) {
	for _, c := range [][2]string{
		{"", ""},
		{"run http://a/", "run http://a/"},
		{"http://a/ --rate 5", "run http://a/ --rate 5"},
		{"--rate 5 http://a/", "run --rate 5 http://a/"},
		{"a.example/users -c 5", "run a.example/users -c 5"},
		{"http://a/ http://b/ --compare -c 5", "compare http://a/ http://b/ -c 5"},
		{"http://a/ --compare base.json", "compare base.json http://a/"},
		{"http://a/ -c 5 --compare base.json --duration 3", "compare base.json http://a/ -c 5 --duration 3"},
		{"--compare http://a/ http://b/", "compare http://a/ http://b/"},
		{"--help", "--help"},
		{"--version", "--version"},
		{"completion bash", "completion bash"},
		{"runn http://a/", "runn http://a/"},
		{"http://a/ --help", "run http://a/ --help"},
	} {
		if got := strings.Join(translate(strings.Fields(c[0])), " "); got != c[1] {
			t.Errorf("%q became %q, want %q", c[0], got, c[1])
		}
	}
	args := []string{"http://a/", "http://b/", "--compare"}
	before := slices.Clone(args)
	translate(args)
	if !slices.Equal(args, before) {
		t.Error("the arguments were changed in place")
	}
}
