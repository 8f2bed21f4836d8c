package runreport

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// several is a run against two targets, one of which mostly fails.
func several() *result.Result {
	r := sample()
	r.Run.Targets = []string{"http://h/a", "POST http://h/b"}
	r.Run.Names = []string{"listA", "createB: body.name is missing"}
	r.Record.Track(2)
	for i := range 300 {
		r.Record.Tally(0, time.Duration(i+1)*time.Millisecond, record.OK, 200, true)
		r.Record.Tally(1, time.Millisecond, record.OK, 201+i%7, i%7 == 0)
		r.Record.Tally(1, time.Second, record.NoAnswerTimeout, 0, false)
	}
	return r
}

func TestTargetsStandByThemselves(t *testing.T) {
	for format, want := range map[report.Format][]string{
		report.Text:     {"TARGETS (times in ms):", "  listA                               300       0  ", "createB: body.name is missing       600     557"},
		report.Markdown: {"| listA | 300 | 0 |", "| createB: body.name is missing | 600 | 557 |", "response timeout"},
		report.JSON:     {`"by_target":`, `"name": "listA"`, `"response_timeout": 300`, `"other": `},
		report.HTML:     {"createB: body.name is missing"},
	} {
		var b bytes.Buffer
		if err := report.Write(&b, New(several(), format == report.HTML), format, report.Options{Width: 100}); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is not in:\n%s", format, w, b.String())
			}
		}
	}
}

// The rows survive a result file, and are added up when files are merged; those
// of different targets are not.
func TestTargetsAreSavedAndMerged(t *testing.T) {
	saved := func() *result.Result {
		packed, err := several().Encode()
		if err != nil {
			t.Fatal(err)
		}
		r, err := result.Decode(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	all, err := result.Merge([]*result.Result{saved(), saved()})
	if err != nil {
		t.Fatal(err)
	}
	rows := targets(all)
	if len(rows) != 2 || rows[0].Completed != 600 || rows[1].Failed != 2*557 || rows[1].Statuses["201"] != 86 || rows[0].MaxMS != 300 {
		t.Errorf("%+v", rows)
	}
	other := saved()
	other.Run.Names = []string{"x", "y"}
	if all, err = result.Merge([]*result.Result{saved(), other}); err != nil || len(targets(all)) != 0 {
		t.Errorf("%v %+v", err, targets(all))
	}
}

func TestWhereSeveralTargetsAre(t *testing.T) {
	for _, c := range []struct {
		want    string
		targets []string
	}{
		{"http://h/v1", []string{"http://h/v1/a?x={{rand 1 9}}", "POST http://h/v1/b", "PUT http://h/v1/a/b"}},
		{"http://h", []string{"http://h/a", "http://h/b"}},
		{"http://h/v1", []string{"http://h/v1/a", "http://h/v1/a/{{seq 1}}"}},
		{"http://a/x and others", []string{"http://a/x", "http://b/x"}},
	} {
		if got := common(c.targets); got != c.want {
			t.Errorf("%q: %s", c.targets, got)
		}
	}
}
