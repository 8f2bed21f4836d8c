package whatif

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// session is one connection that plans.
type session struct {
	conn  *sql.Conn
	major int
	// texts are the statements as the server takes them, with casts where the
	// type of a parameter was not plain, by what they were.
	texts    map[string]string
	refused  map[string]string
	prepared map[string]string // names of prepared statements by text; before 16
	made     map[string]made   // HypoPG's indexes by ID
}

// Limits of one question, so that planning never hangs: stable functions of a
// query run while it is planned.
const sessionSettings = "SET statement_timeout = '10s'; SET lock_timeout = '1s'; SET default_transaction_read_only = on; " +
	"SET idle_session_timeout = 0; SET jit = off"

func openSession(ctx context.Context, db *pgdb.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	settings := sessionSettings
	if db.Major() < 14 {
		settings = strings.Replace(settings, "SET idle_session_timeout = 0; ", "", 1)
	}
	if _, err := conn.ExecContext(ctx, settings); err != nil {
		conn.Close()
		return nil, fmt.Errorf("preparing a session: %w", err)
	}
	return &session{conn: conn, major: db.Major(), texts: map[string]string{}, refused: map[string]string{}, prepared: map[string]string{}, made: map[string]made{}}, nil
}

// node is one node of EXPLAIN (FORMAT JSON).
type node struct {
	Type      string  `json:"Node Type"`
	Index     string  `json:"Index Name"`
	Relation  string  `json:"Relation Name"`
	Alias     string  `json:"Alias"`
	Startup   float64 `json:"Startup Cost"`
	Total     float64 `json:"Total Cost"`
	Rows      float64 `json:"Plan Rows"`
	Filter    string  `json:"Filter"`
	IndexCond string  `json:"Index Cond"`
	Subplan   string  `json:"Subplan Name"`
	Plans     []*node `json:"Plans"`
}

// explain plans a query. It tries again with casts where the server cannot tell
// the type of a parameter.
func (s *session) explain(ctx context.Context, q *advise.Query) (*node, error) {
	if reason, ok := s.refused[q.SQL]; ok {
		return nil, &advise.Refusal{Reason: reason}
	}
	text, known := s.texts[q.SQL]
	if !known {
		text = q.SQL
	}
	for tries := 0; ; tries++ {
		answer, err := s.ask(ctx, q, text)
		if err == nil {
			s.texts[q.SQL] = text
			return readPlan(answer)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		e := pgdb.AsError(err)
		if e == nil {
			return nil, fmt.Errorf("planning a query: %w", err)
		}
		const most = 40 // parameters of one statement that need a cast
		if next, ok := withCast(text, q.SQL, e); ok && tries < most {
			text = next
			continue
		}
		s.refused[q.SQL] = e.Error()
		return nil, &advise.Refusal{Reason: e.Error()}
	}
}

// ask sends the statement to the planner: as it is when it has its constants,
// with a generic plan when it has parameters.
func (s *session) ask(ctx context.Context, q *advise.Query, text string) (string, error) {
	switch {
	case q.Literal():
		return s.answer(ctx, "EXPLAIN "+workload.Tag+" (FORMAT JSON, VERBOSE) "+text)
	case s.major >= 16:
		return s.answer(ctx, "EXPLAIN "+workload.Tag+" (FORMAT JSON, VERBOSE, GENERIC_PLAN) "+text)
	}
	name, ok := s.prepared[text]
	if !ok {
		name = "migrator_" + strconv.Itoa(len(s.prepared)+1)
		if _, err := s.conn.ExecContext(ctx, "PREPARE "+name+" AS "+text); err != nil {
			return "", shifted(err, len("PREPARE "+name+" AS "))
		}
		if _, err := s.conn.ExecContext(ctx, "SET plan_cache_mode = force_generic_plan"); err != nil {
			return "", err
		}
		s.prepared[text] = name
	}
	parameters := q.Parameters()
	nulls := strings.TrimSuffix(strings.Repeat("NULL, ", parameters[len(parameters)-1]), ", ")
	// A cached plan knows nothing of indexes that only seem to be there.
	if _, err := s.conn.ExecContext(ctx, "DISCARD PLANS"); err != nil {
		return "", err
	}
	return s.answer(ctx, "EXPLAIN "+workload.Tag+" (FORMAT JSON, VERBOSE) EXECUTE "+name+"("+nulls+")")
}

// shifted is an error with its position in the statement itself.
func shifted(err error, by int) error {
	if e := pgdb.AsError(err); e != nil {
		e.Position -= by
		return e
	}
	return err
}

func (s *session) answer(ctx context.Context, query string) (text string, err error) {
	err = s.conn.QueryRowContext(ctx, query).Scan(&text)
	if i := strings.Index(query, ") "); err != nil && i >= 0 {
		err = shifted(err, i+len(") "))
	}
	return text, err
}

// readPlan reads EXPLAIN's answer.
func readPlan(answer string) (*node, error) {
	var plans []struct {
		Plan *node `json:"Plan"`
	}
	if err := json.Unmarshal([]byte(answer), &plans); err != nil || len(plans) == 0 || plans[0].Plan == nil {
		return nil, fmt.Errorf("reading a plan: %w", err)
	}
	return plans[0].Plan, nil
}

// Codes of errors that a cast mends.
const (
	indeterminateType   = "42P18" // could not determine data type of parameter $1
	ambiguousFunction   = "42725"
	undefinedFunction   = "42883" // operator does not exist: date + unknown
	ambiguousParameter  = "42P08"
	datatypeMismatch    = "42804"
	invalidTextForParam = "22P02"
)

var parameterInMessage = regexp.MustCompile(`parameter \$(\d+)`)

// casts are the types that are tried for a parameter, one after the other.
var casts = [...]string{"text", "bigint", "timestamptz", "interval", "numeric", "boolean"}

// withCast is the statement with a cast, or the next one, at the parameter that
// an error is about.
func withCast(text, original string, e *pgdb.Error) (string, bool) {
	switch e.Code {
	case indeterminateType, ambiguousFunction, undefinedFunction, ambiguousParameter, datatypeMismatch, invalidTextForParam:
	default:
		return "", false
	}
	number := ""
	if m := parameterInMessage.FindStringSubmatch(e.Message); m != nil {
		number = m[1]
	} else if number = nearestParameter(text, e.Position); number == "" {
		return "", false
	}
	for i, c := range casts {
		had := "$" + number + "::" + c
		if strings.Contains(text, had) && !strings.Contains(original, had) {
			if i+1 == len(casts) {
				return "", false
			}
			return strings.ReplaceAll(text, had, "$"+number+"::"+casts[i+1]), true
		}
	}
	return regexp.MustCompile(`\$`+number+`\b`).ReplaceAllString(text, "$$"+number+"::"+casts[0]), true
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// nearestParameter is the number of the parameter that stands closest to where
// an operator was not understood.
func nearestParameter(text string, position int) string {
	nearest, distance := "", len(text)+1
	for _, m := range parameter.FindAllStringSubmatchIndex(text, -1) {
		d := m[0] - (position - 1)
		if d < 0 {
			d = -d
		}
		if d < distance {
			nearest, distance = text[m[2]:m[3]], d
		}
	}
	return nearest
}

// setPath makes names without a schema mean what the facts found for them, also
// where the role that asked had another search path.
func (s *session) setPath(ctx context.Context, facts *advise.Facts) error {
	path := append([]string{}, facts.Path...)
	seen := map[string]bool{}
	for _, p := range path {
		seen[p] = true
	}
	for _, t := range facts.Tables {
		if !seen[t.Schema] && t.Kind != advise.Temporary {
			seen[t.Schema] = true
			path = append(path, t.Schema)
		}
	}
	quoted := make([]string, len(path))
	for i, p := range path {
		quoted[i] = catalog.Quote(p)
	}
	if len(quoted) == 0 {
		return nil
	}
	_, err := s.conn.ExecContext(ctx, "SET search_path = "+strings.Join(quoted, ", "))
	return err
}

// walk calls f for a node and all beneath it.
func (n *node) walk(f func(*node)) {
	f(n)
	for _, p := range n.Plans {
		p.walk(f)
	}
}
