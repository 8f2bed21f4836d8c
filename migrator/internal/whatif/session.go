package whatif

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
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
	refused  map[string]*advise.Refusal
	prepared map[string]string // names of prepared statements by text; before 16
	made     map[string]made   // HypoPG's indexes by ID
	// expressions are those of tables that were asked about, and why they can be no
	// key of an index.
	expressions map[string]error
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
	return &session{conn: conn, major: db.Major(), texts: map[string]string{}, refused: map[string]*advise.Refusal{}, prepared: map[string]string{}, made: map[string]made{}, expressions: map[string]error{}}, nil
}

// end ends the session on the server. Given back to the pool of connections it would
// keep what HypoPG made in it, which DISCARD ALL does not know.
func (s *session) end(ctx context.Context) error {
	_, err := s.conn.ExecContext(ctx, "DISCARD ALL")
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn }) // the way to have it closed
	if closed := s.conn.Close(); err == nil && !errors.Is(closed, sql.ErrConnDone) {
		err = closed
	}
	return err
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
	if r := s.refused[q.SQL]; r != nil {
		return nil, r
	}
	text, known := s.texts[q.SQL]
	if !known {
		text = q.SQL
	}
	tried := cast{types: map[string]string{}, tried: map[string]int{}}
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
		if tries < most && tried.next(text, e) {
			text = tried.apply(q.SQL)
			continue
		}
		r := &advise.Refusal{Reason: e.Error(), Rights: e.Code == pgdb.InsufficientRights}
		s.refused[q.SQL] = r
		return nil, r
	}
}

// ask sends the statement to the planner: as it is when it has its constants,
// with a generic plan when it has parameters.
func (s *session) ask(ctx context.Context, q *advise.Query, text string) (string, error) {
	switch {
	case q.Literal():
		return s.answer(ctx, "EXPLAIN "+workload.Tag+" (FORMAT JSON) "+text)
	case s.major >= 16:
		return s.answer(ctx, "EXPLAIN "+workload.Tag+" (FORMAT JSON, GENERIC_PLAN) "+text)
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
	return s.answer(ctx, "EXPLAIN "+workload.Tag+" (FORMAT JSON) EXECUTE "+name+"("+nulls+")")
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

// pairs are the types that are tried for two parameters around one operator.
var pairs = [...][2]string{{"bigint", "bigint"}, {"timestamptz", "interval"}, {"numeric", "numeric"}, {"text", "text"}, {"date", "integer"}, {"interval", "interval"}}

// cast is what was tried for the parameters of a statement.
type cast struct {
	types map[string]string // of a parameter, by its number
	tried map[string]int    // how many of casts or pairs, by the place of the error
}

// next notes the next cast for the parameter, or the two, that an error is about.
func (c *cast) next(text string, e *pgdb.Error) bool {
	switch e.Code {
	case indeterminateType, ambiguousFunction, undefinedFunction, ambiguousParameter, datatypeMismatch, invalidTextForParam:
	default:
		return false
	}
	if m := parameterInMessage.FindStringSubmatch(e.Message); m != nil {
		return c.one(m[1])
	}
	left, right := around(text, e.Position)
	if left != "" && right != "" && left != right {
		key := left + "," + right
		n := c.tried[key]
		if n == len(pairs) {
			return false
		}
		c.tried[key]++
		c.types[left], c.types[right] = pairs[n][0], pairs[n][1]
		return true
	}
	return left+right != "" && c.one(cmp.Or(left, right))
}

func (c *cast) one(number string) bool {
	n := c.tried[number]
	if n == len(casts) {
		return false
	}
	c.tried[number]++
	c.types[number] = casts[n]
	return true
}

// apply writes the casts into a statement.
func (c *cast) apply(sql string) string {
	return parameter.ReplaceAllStringFunc(sql, func(p string) string {
		if t := c.types[p[1:]]; t != "" {
			return p + "::" + t
		}
		return p
	})
}

var (
	parameter  = regexp.MustCompile(`\$(\d+)`)
	endsWith   = regexp.MustCompile(`\$(\d+)(?:::\w+)?\)*\s*$`)
	beginsWith = regexp.MustCompile(`^[^\s\w$(]*\s*\(*\$(\d+)`)
)

// around are the parameters on the two sides of the operator at a position.
func around(text string, position int) (left, right string) {
	at := position - 1
	if at < 0 || at > len(text) {
		return "", ""
	}
	if m := endsWith.FindStringSubmatch(text[:at]); m != nil {
		left = m[1]
	}
	if m := beginsWith.FindStringSubmatch(text[at:]); m != nil {
		right = m[1]
	}
	return left, right
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

// joins is how a plan joins which tables, in which order.
func (n *node) joins() string {
	var b strings.Builder
	n.walk(func(n *node) {
		switch {
		case len(n.Plans) > 1 && (strings.HasSuffix(n.Type, "Join") || n.Type == "Nested Loop"):
			b.WriteString(n.Type + "(")
		case n.Relation != "":
			b.WriteString(n.Alias + ",")
		}
	})
	return b.String()
}

// looped is what the scans through some indexes cost that run for each row of another
// table, as often as they are expected to. Those that go on to rows of the table, which
// lie anywhere, count twice.
func (n *node) looped(names map[string]bool) float64 {
	sum := 0.0
	var down func(n *node, loops float64, again bool)
	down = func(n *node, loops float64, again bool) {
		within := len(n.Plans) > 0 && n.Plans[0].Type == "Bitmap Index Scan" && names[n.Plans[0].Index]
		if again && n.Relation != "" && (names[n.Index] || within) {
			part := n.Total * loops
			if n.Type != "Index Only Scan" {
				part *= 2
			}
			sum += part
		}
		for i, p := range n.Plans {
			switch {
			case n.Type == "Nested Loop" && i == 1:
				down(p, loops*max(n.Plans[0].Rows, 1), true)
			case n.Type == "Materialize" || n.Type == "Hash" || n.Type == "Memoize":
				down(p, 1, false)
			default:
				down(p, loops, again)
			}
		}
	}
	down(n, 1, false)
	return min(sum, 2*n.Total)
}
