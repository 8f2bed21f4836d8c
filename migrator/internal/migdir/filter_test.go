package migdir

import "testing"

// The truth of Liquibase's documentation on contexts and label filters.
func TestContextsAndLabels(t *testing.T) {
	for _, c := range []struct {
		context string
		asked   []string
		want    bool
	}{
		{"", nil, true}, {"", []string{"test"}, true}, {"test", nil, true}, {"test", []string{"test"}, true}, {"Test", []string{"tEST"}, true}, {"test", []string{"prod"}, false},
		{"!test", []string{"test"}, false}, {"!test", []string{"prod"}, true}, {"not test", nil, true}, {"a or b", []string{"b"}, true}, {"a, b", []string{"b"}, true}, {"a and b", []string{"b"}, false},
		{"a and b", []string{"b", "a"}, true}, {"a and (b or !c)", []string{"a"}, true}, {"@test", nil, false}, {"@test", []string{"test"}, true}, {"@test", []string{"@test"}, true}, {"a or b and c", []string{"a"}, true},
	} {
		if got, err := inContexts(c.context, c.asked); err != nil || got != c.want {
			t.Errorf("context %q, asked for %v: %v, %v", c.context, c.asked, got, err)
		}
	}
	for _, c := range []struct {
		filter, labels string
		want           bool
	}{
		{"", "v1", true}, {"v1", "", true}, {"v1", "v1, slow", true}, {"v1 and !slow", "v1,slow", false}, {"v2", "v1", false}, {"v1 or v2", "V2", true},
	} {
		if got, err := byLabels(c.filter, c.labels); err != nil || got != c.want {
			t.Errorf("filter %q, labels %q: %v, %v", c.filter, c.labels, got, err)
		}
	}
	for _, bad := range []string{"a and", "(a", "a b", "or", "!", "a)", "a,,b"} {
		if _, err := inContexts(bad, []string{"a"}); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
