package lint

import "testing"

// Whether values stay as they are stored; TestLintNamesWhatTheServerDoes asks the
// server about some.
func TestKeeps(t *testing.T) {
	for _, c := range []struct {
		old, now string
		want     bool
	}{
		{"varchar(20)", "varchar(40)", true}, {"varchar(40)", "varchar(20)", false}, {"varchar(20)", "varchar", true}, {"varchar(20)", "text", true}, {"text", "varchar", true},
		{"text", "varchar(20)", false}, {"varchar(20)[]", "varchar(40)[]", false}, {"text[]", "varchar[]", false}, {"numeric(10,2)", "numeric(12,2)", true},
		{"numeric(10,2)", "numeric(12,3)", false}, {"numeric(10,2)", "numeric", true}, {"numeric", "numeric(10,2)", false}, {"numeric(5)", "numeric(7)", true},
		{"timestamp(3)", "timestamp", true}, {"timestamp", "timestamp(3)", false}, {"timestamp(3)", "timestamp(6)", true}, {"int4", "int8", false}, {"", "text", false},
		{"cidr", "inet", true}, {"inet", "cidr", false}, {"text", "citext", true}, {"int4", "int4", true},
	} {
		if got := keeps(c.old, c.now); got != c.want {
			t.Errorf("%s to %s: %v", c.old, c.now, got)
		}
	}
	if !zoned("timestamp(3)", "timestamptz") || !zoned("timestamptz", "timestamp") || zoned("timestamp", "date") || zoned("int4", "timestamptz") {
		t.Error("a time zone is not seen")
	}
}
