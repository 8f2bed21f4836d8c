package catalog

import (
	"database/sql"
	"strings"
)

// Most databases have objects of a few kinds. To ask a server for each of the
// others costs it more than to answer: the queries are long, and a session plans
// each of them anew. So the reader first asks which system tables hold rows of
// the user, all in one query, and then leaves out the steps that would find
// nothing.

// counted are the system tables in question, and which of their rows may be the
// user's: never fewer than the step reads. 16384 is the first identifier that a
// user's object can have.
const counted = `
	pg_class WHERE oid >= 16384
	pg_sequence
	pg_attrdef WHERE adrelid >= 16384
	pg_constraint WHERE oid >= 16384
	pg_index WHERE indexrelid >= 16384
	pg_proc WHERE oid >= 16384
	pg_rewrite WHERE oid >= 16384
	pg_trigger WHERE NOT tgisinternal OR tgparentid <> 0
	pg_policy
	pg_statistic_ext
	pg_collation WHERE oid >= 16384
	pg_foreign_data_wrapper
	pg_foreign_server
	pg_publication
	pg_subscription
	pg_event_trigger
	pg_default_acl
	pg_cast WHERE oid >= 16384
	pg_operator WHERE oid >= 16384
	pg_opfamily WHERE oid >= 16384
	pg_opclass WHERE oid >= 16384
	pg_conversion WHERE oid >= 16384
	pg_transform WHERE oid >= 16384
	pg_am WHERE oid >= 16384
	pg_ts_parser WHERE oid >= 16384
	pg_ts_template WHERE oid >= 16384
	pg_ts_dict WHERE oid >= 16384
	pg_ts_config WHERE oid >= 16384`

// takeCensus fills held.
func (r *reader) takeCensus() error {
	var names, questions []string
	for line := range strings.Lines(strings.TrimSpace(counted)) {
		line = strings.TrimSpace(line)
		name, _, _ := strings.Cut(line, " ")
		names = append(names, name)
		questions = append(questions, "EXISTS (SELECT FROM pg_catalog."+line+")")
	}
	r.held = map[string]bool{}
	return r.each("SELECT "+strings.Join(questions, ", "), func(rows *sql.Rows) error {
		answers := make([]bool, len(names))
		places := make([]any, len(names))
		for i := range answers {
			places[i] = &answers[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, name := range names {
			r.held[name] = answers[i]
		}
		return nil
	})
}
