package migfile

import "testing"

func TestConcurrentReindex(t *testing.T) {
	for sql, want := range map[string]Reindex{
		"REINDEX TABLE CONCURRENTLY app.t":                     {"table", "app.t"},
		"reindex (verbose, tablespace x) index concurrently i": {"index", "i"},
		"REINDEX (CONCURRENTLY) TABLE t":                       {"table", "t"},
		"REINDEX (CONCURRENTLY false) TABLE t":                 {},
		"REINDEX DATABASE CONCURRENTLY":                        {"database", ""},
		"REINDEX TABLE t":                                      {},
		"VACUUM t":                                             {},
		"REINDEX (":                                            {},
	} {
		if got := ConcurrentReindex(sql); got != want {
			t.Errorf("%s: %+v", sql, got)
		}
	}
}
