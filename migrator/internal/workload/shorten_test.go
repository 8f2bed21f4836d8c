package workload

import (
	"fmt"
	"strings"
	"testing"
)

// Long lists lose their ends, and nothing else is lost.
func TestShortened(t *testing.T) {
	values := func(n int, format string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(format, i+1)
		}
		return strings.Join(all, ", ")
	}
	for _, c := range []struct{ sql, want string }{
		{"SELECT * FROM t WHERE a = $1 AND b IN (" + values(30000, "%d") + ") AND c = 'x'", "SELECT * FROM t WHERE a = $1 AND b IN (" + values(mostValues, "%d") + ") AND c = 'x'"},
		{"SELECT * FROM t WHERE b in (" + values(30000, "$%d") + ") AND c = $30001 LIMIT $2", "SELECT * FROM t WHERE b in (" + values(mostValues, "$%d") + ") AND c = $101 LIMIT $2"},
		{"SELECT * FROM t WHERE b = ANY (ARRAY[" + values(30000, "'v%d'") + "]::text[]) ORDER BY a, b", "SELECT * FROM t WHERE b = ANY (ARRAY[" + values(mostValues, "'v%d'") + "]::text[]) ORDER BY a, b"},
		{"INSERT INTO t (a, b) VALUES " + values(9000, "($%d, now())") + " ON CONFLICT (a) DO UPDATE SET b = 1, c = 2", "INSERT INTO t (a, b) VALUES " + values(mostRows, "($%d, now())") + " ON CONFLICT (a) DO UPDATE SET b = 1, c = 2"},
		{"SELECT a, b FROM (VALUES " + values(9000, "(%d, 1)") + ") v (a, b) WHERE a > 3", "SELECT a, b FROM (VALUES " + values(mostRows, "(%d, 1)") + ") v (a, b) WHERE a > 3"},
		{"SELECT " + values(9000, "c%d") + " FROM t", ""}, // all of it may matter
		{"SELECT 1", ""},
	} {
		got, cut := Shortened(c.sql)
		if cut != (c.want != "") || !cut && got != c.sql || cut && strings.Join(strings.Fields(got), " ") != c.want {
			t.Errorf("%.60s…: %v %.3000q, want %.3000q", c.sql, cut, got, c.want)
		}
	}
}

func FuzzShortened(f *testing.F) {
	f.Add("a in (1, $2) ]) values (1), ([x] on")
	f.Fuzz(func(t *testing.T, sql string) {
		long := sql + " /*" + strings.Repeat("x", longText) + "*/ " + sql
		if short, cut := Shortened(long); !cut && short != long {
			t.Errorf("%q was changed", sql)
		}
	})
}
