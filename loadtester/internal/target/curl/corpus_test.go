package curl

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// testdata/corpus.txt has command lines in the forms of many services'
// documentation, and behind each what curl itself sent for it. Ours is the same
// request, or the command is refused by name: "refused: " says how.
func TestCorpus(t *testing.T) {
	text, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("testdata/files")
	var list []string
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\ncurl ") {
		block = "curl " + strings.TrimPrefix(block, "curl ")
		command, answer, _ := strings.Cut(block, "\n=> ")
		got := answerOf(t, command)
		if *update {
			sent, err := recorded(t, command)
			switch {
			case err != nil && !strings.HasPrefix(got, "refused: "):
				t.Errorf("%s\ncurl fails: %v", command, err)
			case err == nil && !strings.HasPrefix(got, "refused: "):
				got = strconv.Quote(string(sent))
			}
			list = append(list, command+"\n=> "+got)
			continue
		}
		if strings.HasPrefix(answer, "refused: ") || strings.HasPrefix(got, "refused: ") {
			if answer != got {
				t.Errorf("%s\n%s, want %s", command, got, answer)
			}
			continue
		}
		want, err := strconv.Unquote(answer)
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		if diff := cmp.Diff(normal(t, []byte(want)), normal(t, []byte(got))); diff != "" {
			t.Errorf("%s\ncurl (-) and we (+):\n%s", command, diff)
		}
	}
	if *update {
		if err := os.WriteFile("../corpus.txt", []byte(strings.Join(list, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// answerOf is what we make of a command: a request, or why it is refused.
func answerOf(t *testing.T, text string) string {
	command, err := Parse(text, Options{Env: env})
	if err != nil {
		return "refused: " + err.Error()
	}
	set, err := target.Compile(command.Specs, target.Options{})
	if err != nil {
		return "refused: " + err.Error()
	}
	return string(set.Request(0, new(target.Scratch)).Wire)
}
