package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// Results that are no parts of one run are not added up unless it is asked for.
func TestMergeAsksWhatBelongsTogether(t *testing.T) {
	url, _ := echo(t, nil)
	dir := t.TempDir()
	save := func(name, path string) string {
		file := filepath.Join(dir, name)
		if code, _, errs := tool(t, "run", url+path, "-n", "5", "--rate", "500", "-q", "--save", file); code != 0 {
			t.Fatal(errs)
		}
		return file
	}
	one, again, other := save("one.ltr", "/a"), save("again.ltr", "/a"), save("other.ltr", "/b")
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{one, one}, "are the same result"},
		{[]string{one, other}, "are runs of other targets"},
		{[]string{one, again}, ""},
	} {
		for _, command := range [][]string{{"report", "-f", "json"}, {"merge", "-o", "-"}} {
			code, _, errs := tool(t, append(command, c.files...)...)
			if (code == 0) != (c.want == "") || !strings.Contains(errs, c.want) {
				t.Errorf("%v: exit %d, %s", command, code, errs)
			}
			if code, _, errs := tool(t, append(append(command, "--force"), c.files...)...); code != 0 {
				t.Errorf("%v --force: exit %d, %s", command, code, errs)
			}
		}
	}
}
