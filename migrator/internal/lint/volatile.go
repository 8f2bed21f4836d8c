package lint

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

type answer int

const (
	no answer = iota
	maybe
	yes
)

// Functions that defaults call. Those of volatileOnes give another value at each
// call; those of steady the same one within a statement. Any other function may be
// either.
const (
	volatileOnes = " random gen_random_uuid uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7 gen_random_bytes clock_timestamp timeofday nextval setval txid_current pg_current_xact_id random_normal "
	steady       = " now transaction_timestamp statement_timestamp timezone date_trunc to_timestamp lower upper md5 concat concat_ws array_fill jsonb_build_object json_build_object jsonb_build_array to_jsonb make_interval make_date current_setting int4range tstzrange age date_part extract "
)

// volatile says whether an expression gives each row a value of its own.
func volatile(n pgsql.Node) answer {
	found := no
	pgsql.Walk(n, func(n pgsql.Node) bool {
		if call, ok := n.(*pgsql.FuncCall); ok {
			name := " " + last(call.Funcname) + " "
			switch {
			case strings.Contains(volatileOnes, name):
				found = yes
			case !strings.Contains(steady, name):
				found = max(found, maybe)
			}
		}
		return true
	})
	return found
}
