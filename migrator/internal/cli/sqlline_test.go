package cli

import "testing"

func TestLongListsInALine(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT *\n FROM t WHERE a IN ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) AND b = $12": "SELECT * FROM t WHERE a IN ($1, …,$11) AND b = $12",
		"SELECT * FROM t WHERE a IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)":          "SELECT * FROM t WHERE a IN ($1, …, $10)",
		"SELECT * FROM t WHERE a IN ($1, $2, $3)":                                       "SELECT * FROM t WHERE a IN ($1, $2, $3)",
		"ALTER ROLE a PASSWORD 'secret'":                                                "ALTER ROLE a PASSWORD '***'",
	} {
		if got := sqlLine(sql, 200); got != want {
			t.Errorf("%q: %q", sql, got)
		}
	}
}
