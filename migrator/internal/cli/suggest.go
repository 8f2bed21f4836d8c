package cli

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/whatif"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type suggestCmd struct {
	Connection string `required:"" env:"MIGRATOR_CONNECTION,DATABASE_URL" placeholder:"DSN" help:"The database."`

	Log     string `placeholder:"FILE" help:"Take the workload from a server's log (text, csv or JSON; auto_explain too); - for standard input." group:"Workload:"`
	Queries string `placeholder:"FILE" help:"Take the workload from a file of SQL statements; - for standard input." group:"Workload:"`
	Verify  string `placeholder:"LAST.json" help:"Say what became of the suggestions of an earlier --format json: which are there and used, and what their queries take now." group:"Workload:"`

	Budget  byteSize `placeholder:"SIZE" help:"Disk space that all indexes may take together: 500MB (default: as much as the tables of the workload, at least 64MB)." group:"What to suggest:"`
	Max     int      `default:"20" placeholder:"N" help:"At most so many indexes (default: ${default})." group:"What to suggest:"`
	MinGain percent  `default:"0.5%" placeholder:"SHARE" help:"Share of the workload's time that an index must save (default: ${default})." group:"What to suggest:"`
	Table   []string `placeholder:"NAME" help:"Only for this table; again for more." group:"What to suggest:"`

	Output string `short:"o" placeholder:"DIR" help:"Write a migration with the indexes, and its rollback, into this folder; - writes the migration to standard output." group:"Files:"`
	Name   string `placeholder:"NAME" help:"Name of the migration (default: derived from the indexes)." group:"Files:"`
	Files  string `default:"single" enum:"single,golang-migrate,goose,flyway,liquibase,dbmate,atlas" help:"Whose files to write with --output (${enum})." group:"Files:"`

	DropUnneeded   bool   `help:"Write a second migration that drops the indexes which others make superfluous." group:"Files:"`
	NoConcurrently bool   `help:"Plain statements instead of online ones." group:"Files:"`
	NoProof        bool   `help:"Do not run the migration and its rollback in a scratch database." group:"Files:"`
	Scratch        string `default:"auto" placeholder:"WHERE" help:"Scratch databases: auto, local, server, embedded, or a connection string (default: auto)." group:"Files:"`

	Explain  bool   `help:"Show the plans before and after." group:"Report:"`
	ExitCode bool   `help:"Exit with 1 when there is something to suggest." group:"Report:"`
	Format   string `short:"f" default:"text" enum:"text,json,markdown,html,junit,github" help:"Form of the report (${enum})." group:"Report:"`
}

// Help is shown after the flags.
func (suggestCmd) Help() string {
	return `The workload comes from pg_stat_statements, a log, or a file. With HypoPG
installed the server itself plans with the indexes; without it a model does, and
says so.

Examples:
  migrator suggest-indexes --connection $DATABASE_URL --output migrations/
  migrator suggest-indexes --connection $DATABASE_URL --budget 500MB --max 10 --explain
  migrator suggest-indexes --connection $DATABASE_URL --log postgresql.log
  cat queries.sql | migrator suggest-indexes --connection $DATABASE_URL --queries -
  migrator suggest-indexes --connection $DATABASE_URL --format json > advice.json
  migrator suggest-indexes --connection $DATABASE_URL --verify advice.json`
}

// byteSize is a number of bytes: 500MB, 2GiB, 1000.
type byteSize uint64

// UnmarshalText reads it.
func (b *byteSize) UnmarshalText(text []byte) error {
	n, err := humanize.ParseBytes(string(text))
	if err != nil {
		return problem.New("write 500MB or 2GB", "%q is no size", text)
	}
	*b = byteSize(n)
	return nil
}

// percent is a share: 0.5%, or 0.005.
type percent float64

// UnmarshalText reads it.
func (p *percent) UnmarshalText(text []byte) error {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(string(text)), "%")
	n, err := strconv.ParseFloat(number, 64)
	if isPercent {
		n /= 100
	}
	if err != nil || math.IsNaN(n) || n < 0 || n > 1 {
		return problem.New("write 1% or 0.01", "%q is no share", text)
	}
	*p = percent(n)
	return nil
}

// advice is a suggest-indexes while it runs.
type advice struct {
	*suggestCmd
	session  *session
	db       *pgdb.DB
	workload *workload.Workload
	modelled bool
	result   *advise.Result
	now      *catalog.Catalog // with --output: the present schema
	proved   *proof.Result    // with --output: the migration of the indexes
	written  []writtenFile
	notes    []string
}

// Run reads the workload, searches, proves and writes.
func (c *suggestCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *suggestCmd) run(s *session) error {
	if c.Log != "" && c.Queries != "" {
		return problem.New("give one of them", "--log and --queries exclude each other")
	}
	if c.Verify != "" {
		return c.verify(s)
	}
	pgsql.Warm()
	a := &advice{suggestCmd: c, session: s}
	var err error
	if a.db, err = pgdb.ConnectWithin(s.ctx, c.Connection, endLimit); err != nil {
		return err
	}
	defer a.db.Close()
	if err := a.read(); err != nil {
		return err
	}
	if err := a.search(); err != nil {
		return err
	}
	if c.Output != "" && len(a.result.Suggestions) > 0 {
		if err := a.write(); err != nil {
			return err
		}
	}
	if err := a.report(); err != nil {
		return err
	}
	if c.ExitCode && a.blind() {
		return problem.New("the report says why", "no query could be looked at")
	}
	if n := len(a.result.Suggestions); c.ExitCode && n > 0 {
		return problem.New("", "%s suggested", report.Plural(n, "index is", "indexes are")).Exit(problem.Failed)
	}
	return nil
}

// read reads the workload, before anything else is asked.
func (a *advice) read() (err error) {
	switch {
	case a.Log != "":
		a.workload, err = fromFile(a.session, a.Log, "the log", func(r io.Reader, name string) (*workload.Workload, error) {
			return workload.ReadLog(r, name, workload.LogOptions{Database: a.db.Target.Database()})
		})
	case a.Queries != "":
		a.workload, err = fromFile(a.session, a.Queries, ofQueries, workload.ReadQueries)
	default:
		a.workload, err = workload.FromStatistics(a.session.ctx, a.db)
		if errors.Is(err, workload.ErrNotInstalled) || errors.Is(err, workload.ErrNotLoaded) {
			a.notes = append(a.notes, fmt.Sprintf("%v, so only the queries by foreign keys were looked at; for all queries %s", err, turnOn(err)))
			a.workload, err = workload.FromForeignKeys(a.session.ctx, a.db)
		}
	}
	return err
}

func (a *advice) search() error {
	planner, err := whatif.Open(a.session.ctx, a.db, whatif.Options{})
	if err != nil {
		return err
	}
	a.modelled = planner.Modelled()
	said := a.session.working("looking for indexes")
	defer said.end()
	a.result, err = advise.Run(a.session.ctx, planner, a.workload, advise.Options{
		Budget: int64(a.Budget), Max: a.Max, MinGain: float64(a.MinGain), Tables: a.Table, Explain: a.Explain,
	})
	if err == nil {
		a.note()
	}
	return errors.Join(err, planner.Close())
}

// note says what was left out, and what could be done about it.
func (a *advice) note() {
	say := func(n int, one, many, format string) {
		if n > 0 {
			a.notes = append(a.notes, report.Plural(n, one, many)+format)
		}
	}
	left := a.workload.Left
	say(int(left.Evicted), "time", "times", " pg_stat_statements made room and forgot statements: pg_stat_statements.max keeps more")
	say(a.cut(), "statement has a long list and was", "statements have long lists and were", " planned with its first values only")
	say(left.Hidden, "statement of another role is", "statements of other roles are", " hidden from this one: GRANT pg_read_all_stats shows them")
	say(left.NoText, "statement has", "statements have", " lost the text; pg_stat_statements_reset() begins anew")
	say(left.Unreadable, "part", "parts", " of the workload could not be read")
	rights := 0
	for _, r := range a.result.Refused {
		if r.Rights {
			rights++
		}
	}
	say(rights, "statement was", "statements were", " not planned for want of rights on their tables: GRANT pg_read_all_data (PostgreSQL 14) or SELECT on them")
	if a.result.Crowded {
		a.notes = append(a.notes, fmt.Sprintf("more indexes would save enough: without --budget all together take no more than the tables, %s", report.Bytes(uint64(a.result.Tables))))
	}
	a.doubts()
	say(a.result.Light, "query", "queries", " of little time: planned and counted, but no index was looked for on that account")
}

// doubts names the queries that may become slower.
func (a *advice) doubts() {
	list := a.result.Doubtful
	if len(list) == 0 {
		return
	}
	const most = 3
	var named []string
	for _, q := range list[:min(most, len(list))] {
		named = append(named, sqlLine(q.Statement.SQL, 60))
	}
	if n := len(list) - most; n > 0 {
		named = append(named, fmt.Sprintf("and %d more", n))
	}
	a.notes = append(a.notes, fmt.Sprintf("%s in another way for less than the planner errs by, and may become slower; --verify says so afterwards: %s",
		report.Plural(len(list), "query joins its tables", "queries join their tables"), strings.Join(named, "; ")))
}

// blind says whether there were statements and none could be looked at.
func (a *advice) blind() bool {
	return len(a.result.Queries) == 0 && len(a.result.Refused)+a.workload.Left.Hidden+a.workload.Left.NoText+a.workload.Left.Unreadable > 0
}

// cut is how many statements were planned without the ends of their lists.
func (a *advice) cut() (n int) {
	for _, q := range a.result.Queries {
		if q.Cut {
			n++
		}
	}
	return n
}

// planOptions are those of the migration: owners and privileges stay as they are.
func (a *advice) planOptions() plan.Options {
	return plan.Options{NoConcurrently: a.NoConcurrently}
}

// summary is the advice in one line.
func (a *advice) summary() string {
	r := a.result
	n := report.Plural(len(r.Suggestions), "index", "indexes")
	if a.blind() {
		return "no query could be looked at"
	}
	if len(r.Suggestions) == 0 {
		return "no index would save enough; " + report.Plural(len(r.Queries), "query was", "queries were") + " looked at"
	}
	share := report.Percent(math.Max(r.Before-r.After, 0), r.Before)
	return fmt.Sprintf("%s would save %s of the time that %s took", n, share, report.Plural(len(r.Queries), "query", "queries"))
}
