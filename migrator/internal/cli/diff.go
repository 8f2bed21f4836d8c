package cli

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type diffCmd struct {
	From string `required:"" placeholder:"SCHEMA" help:"The present schema: a connection string, a .sql file, a folder of them, or - for standard input."`
	To   string `required:"" placeholder:"SCHEMA" help:"The wanted schema, in the same forms."`

	Variable map[string]string `short:"v" mapsep:"none" placeholder:"NAME=VALUE" help:"Set a variable of psql for schema files (:name, :'name'); again for more."`
	Root     string            `placeholder:"DIR" help:"Let \\i and \\ir in schema files read files of this folder (default: the folder of the file)."`

	Schema  []string `placeholder:"GLOB" help:"Look only at schemas that match, as app or tenant_*; again for more."`
	Exclude []string `placeholder:"GLOB" help:"Leave out schemas that match, objects of schemas (public.tmp_*), and extensions and the like by name; again for more."`

	Output string `short:"o" placeholder:"DIR" help:"Write the migration and its rollback into this folder; - writes the migration to standard output." group:"Files:"`
	Up     string `placeholder:"FILE" help:"Write the migration to this file." group:"Files:"`
	Down   string `placeholder:"FILE" help:"Write the rollback to this file." group:"Files:"`
	Name   string `placeholder:"NAME" help:"Name of the migration (default: derived from the change)." group:"Files:"`

	Files string `default:"single" enum:"single,golang-migrate,goose,flyway,liquibase,dbmate,atlas" help:"Whose files to write with --output (${enum})." group:"Files:"`

	Allow            []string       `placeholder:"KIND" help:"Allow a kind of hazard by name (data-loss), or all." group:"Plan:"`
	Rename           []string       `placeholder:"OLD=NEW" help:"Rename instead of dropping and creating: users=accounts, users.name=full_name; again for more. In a schema file: -- migrator:rename OLD NEW." group:"Plan:"`
	Using            []string       `placeholder:"COLUMN=EXPR" sep:"none" help:"How the values of a column get its new type: t.c=c::numeric/100; again for more. In a schema file: -- migrator:using t.c = EXPR." group:"Plan:"`
	Backfill         []string       `placeholder:"TABLE:SQL" sep:"none" help:"A statement that fills new columns of a table, before old ones go: 't: UPDATE t SET c = a'; again for more. In a schema file: -- migrator:backfill TABLE: SQL." group:"Plan:"`
	Batch            int            `default:"10000" placeholder:"N" help:"Rows of a batch, where a backfill has :batch as a condition: UPDATE t SET c = a WHERE :batch (default: 10000)." group:"Plan:"`
	NoConcurrently   bool           `help:"Plain statements instead of online ones." group:"Plan:"`
	StatementTimeout *time.Duration `placeholder:"TIME" help:"Let each statement run for so long, in place of what fits the size of its table; 0 is no limit (30m, 2h)." group:"Plan:"`
	NoOwners         bool           `help:"Leave owners out of the comparison." group:"Plan:"`
	NoPrivileges     bool           `help:"Leave privileges (GRANT) out of the comparison." group:"Plan:"`
	Strict           bool           `help:"Fail when there is an object that is not managed." group:"Plan:"`

	NoProof     bool   `help:"Do not run the migration and its rollback in a scratch database." group:"Proof:"`
	Prove       string `default:"rows" enum:"rows,traffic" help:"rows: run both ways on tables with a few rows; traffic: once more on large tables, beside readers, writers and a long reader, and say for how long which table could not be read or written (${enum})." group:"Proof:"`
	TrafficRows int    `default:"100000" placeholder:"N" help:"Rows of each table with --prove traffic (default: 100000)." group:"Proof:"`
	Scratch     string `default:"auto" placeholder:"WHERE" help:"Scratch databases: auto, local, server, embedded, or a connection string (default: auto)." group:"Proof:"`

	ExitCode bool   `help:"Exit with 1 when the schemas differ." group:"Report:"`
	Format   string `short:"f" default:"text" enum:"text,json,markdown,html,junit,github" help:"Form of the report (${enum})." group:"Report:"`
}

// Help is shown after the flags.
func (diffCmd) Help() string {
	return `Examples:
  migrator diff --from $DATABASE_URL --to schema.sql --output migrations/
  migrator diff --from v1.sql --to v2.sql --up up.sql --down down.sql
  migrator diff --from $PROD --to schema/ --exit-code --schema public --exclude 'public.tmp_*'
  migrator diff --from $PROD --to schema/ --output migrations/ --prove traffic`
}

// comparison is a diff while it is made.
type comparison struct {
	*diffCmd
	session   *session
	from, to  *side
	large     bool        // more may come than a small scratch server holds
	scratch   bool        // whether a scratch server is needed
	home      *proof.Home // of the live database, where there is one
	bench     *proof.Bench
	states    [2]*proof.State
	result    *proof.Result
	written   []writtenFile
	blocked   []hazardOf // not allowed
	using     map[catalog.ID]string
	backfills []plan.Backfill
	collector int // the garbage collector's percentage before this set it, or 0
	left      needy
	oneWay    bool // the rollback does not undo all, and that is not allowed

	traffic        *proof.Traffic // or nil
	trafficFailure *proof.TrafficFailure
}

// Run plans, proves and writes.
func (c *diffCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *diffCmd) run(s *session) error {
	d := &comparison{diffCmd: c, session: s}
	if err := c.check(); err != nil {
		return err
	}
	defer d.close()
	if err := d.open(); err != nil {
		return err
	}
	d.large = d.from.large() || d.to.large() || d.Prove == "traffic"
	err := d.make()
	if !d.large && outgrown(err) {
		d.large = true
		d.closeBench()
		err = d.make()
	}
	if err == nil {
		err = d.compared()
	}
	return err
}

// outgrown says whether a scratch server had no room for what came.
func outgrown(err error) bool { return slices.Contains([]string{"53100", "53200"}, pgdb.Code(err)) }

// make reads, plans, proves and writes.
func (d *comparison) make() error {
	if err := d.read(); err != nil {
		return err
	}
	d.forgetRunners()
	d.filter()
	d.leaveHidden()
	if err := d.halfDetached(); err != nil {
		return err
	}
	if err := d.withoutExtensions(); err != nil {
		return err
	}
	d.warn()
	if err := d.told(); err != nil {
		return err
	}
	var err error
	if d.result, err = d.plan(); err != nil {
		return d.unplanned(err)
	}
	d.sayRights()
	d.sayOrder()
	if err := d.unmanaged(); err != nil {
		return err
	}
	if d.result.Up.Empty() && d.result.Down.Empty() {
		return d.report()
	}
	if d.blocked = notAllowed(d.result.Up, d.Allow); len(d.blocked) > 0 && d.writes() {
		if err := d.report(); err != nil {
			return err
		}
		return refused(d.blocked)
	}
	if !d.NoProof && (d.writes() || !d.ExitCode || d.Prove == "traffic") {
		if err := d.prove(); err != nil {
			return d.unproved(err)
		}
		if err := d.underTraffic(); err != nil {
			return err
		}
		if d.trafficFailure != nil {
			if err := d.report(); err != nil {
				return err
			}
			return d.stoppedByTraffic()
		}
	}
	if d.oneWay = d.writes() && len(d.result.Irreversible) > 0 && !slices.Contains(d.Allow, "all") && !slices.Contains(d.Allow, string(lint.Irreversible)); d.oneWay {
		if err := d.report(); err != nil {
			return err
		}
		return oneWay(d.result.Irreversible)
	}
	if err := d.write(); err != nil {
		return err
	}
	if err := d.report(); err != nil {
		return err
	}
	if d.ExitCode {
		return problem.New("", "the schemas differ: %s", report.Plural(len(d.result.Up.Changes), "change", "changes")).Exit(problem.Failed)
	}
	return nil
}

// unplanned is a migration that cannot be planned. Whether the schemas differ is
// known all the same.
func (d *comparison) unplanned(err error) error {
	if !d.ExitCode || d.writes() || d.session.ctx.Err() != nil {
		return err
	}
	o := d.options()
	n := len(catalog.Compare(d.states[0].Catalog, d.states[1].Catalog, catalog.Ignore{Owners: o.NoOwners, Grants: o.NoGrants}))
	if n == 0 {
		return err
	}
	return problem.Wrap(err, "", "the schemas differ: %s; no migration was found: %v", report.Plural(n, "difference", "differences"), err).Exit(problem.Failed)
}

// check finds contradictions of the flags before anything is done.
func (c *diffCmd) check() error {
	if c.From == "-" && c.To == "-" {
		return problem.New("name a file for one of them", "--from and --to cannot both be standard input")
	}
	if c.Output != "" && (c.Up != "" || c.Down != "") {
		return problem.New("give --output DIR, or --up FILE and --down FILE", "--output and --up or --down exclude each other")
	}
	if c.NoProof && c.Prove == "traffic" {
		return problem.New("leave one of them out", "--no-proof and --prove traffic exclude each other")
	}
	if c.Batch < 1 {
		return problem.New("say how many rows, as 10000", "--batch must be 1 or more")
	}
	if c.TrafficRows < 1 {
		return problem.New("say how many, as 100000", "--traffic-rows must be 1 or more")
	}
	if err := c.only().Check(); err != nil {
		return problem.New("write app, tenant_* or public.tmp_*", "--schema or --exclude: %v", err)
	}
	for _, a := range c.Allow {
		if a != "all" && !slices.Contains(hazardKinds, lint.Kind(a)) {
			return problem.New("it is one of all, "+joinKinds(hazardKinds), "unknown hazard %q", a)
		}
	}
	return nil
}

// options leaves owners out where the schemas were loaded on somebody's server:
// the role that loads them there cannot give anything away.
func (d *comparison) options() plan.Options {
	c := d.diffCmd
	return plan.Options{
		Only: d.looked(), Using: d.using, Backfills: d.backfills, Batch: c.Batch, NoConcurrently: c.NoConcurrently, StatementTimeout: c.StatementTimeout,
		NoOwners: c.NoOwners || d.bench != nil && !d.bench.Server.Gives(), NoGrants: c.NoPrivileges,
	}
}

func (d *comparison) writes() bool { return d.Output != "" || d.Up != "" || d.Down != "" }

// open reads files and connects, so that what is plainly wrong is said at once.
func (d *comparison) open() (err error) {
	if d.from, err = openSide(d.session, d.From, d.Root); err != nil {
		return err
	}
	if d.to, err = openSide(d.session, d.To, d.Root); err != nil {
		return err
	}
	live := d.from.db
	if live == nil {
		live = d.to.db
	}
	if len(d.Rename) == 0 && live != nil && d.from.db != nil && d.to.db != nil && (d.NoProof || d.ExitCode && !d.writes() && d.Prove != "traffic") {
		return nil // two databases, nothing to prove: no scratch needed
	}
	d.scratch = true
	d.home, err = proof.Ask(d.session.ctx, live)
	return err
}

// manyObjects are so many that their memory is looked after: some 3,000 tables.
const manyObjects = 50_000

// read reads both sides, and opens the scratch server, at the same time. What
// fails first stops the others, whose error then means nothing.
func (d *comparison) read() error {
	ctx, cancel := context.WithCancelCause(d.session.ctx)
	defer cancel(nil)
	said := d.session.working("reading both schemas")
	defer said.end()
	bench := sync.OnceValues(func() (*proof.Bench, error) {
		if !d.scratch {
			return nil, nil
		}
		b, err := proof.NewBench(ctx, d.home, scratch.Options{Mode: d.Scratch, Log: said, Large: d.large})
		if err == nil {
			b.AnyRole, b.Lenient, b.Variables = d.NoOwners && d.NoPrivileges, true, d.Variable
		}
		return b, err
	})
	var wait sync.WaitGroup
	wait.Go(func() {
		var err error
		if d.bench, err = bench(); err != nil {
			cancel(err)
		}
	})
	var done [2]chan struct{}
	for i := range done {
		done[i] = make(chan struct{})
	}
	for i, side := range []*side{d.from, d.to} {
		wait.Go(func() {
			defer close(done[i])
			var err error
			if d.states[i], err = side.state(ctx, bench, func(text string) { tell(said, "note: %s", text) }); err != nil && d.mayStandOn(1-i, err) {
				<-done[1-i]
				d.states[i], err = d.upon(ctx, i, err)
			}
			if err != nil {
				cancel(err)
			}
		})
	}
	wait.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	catalog.Share(d.states[0].Catalog, d.states[1].Catalog)
	if len(d.states[0].Catalog.Order) >= manyObjects {
		// Else what was read and is shared now, half of it all, would stay while the
		// migration is planned, and the plan of one way while the other's is made.
		d.collector = debug.SetGCPercent(50)
		runtime.GC()
	}
	return nil
}

func (d *comparison) closeBench() {
	if d.bench != nil {
		if err := d.bench.Close(); err != nil {
			problem.Write(d.session.stderr, d.session.secrets, err)
		}
	}
	d.bench = nil
}

func (d *comparison) close() {
	if d.collector != 0 {
		debug.SetGCPercent(d.collector)
	}
	d.closeBench()
	d.from.close()
	d.to.close()
}

// warn says what loading left out.
func (d *comparison) warn() {
	for i, side := range []*side{d.from, d.to} {
		side.tell(d.session, d.states[i])
	}
}

// prove runs the migration and its rollback.
func (d *comparison) prove() error {
	said := d.session.working("running the migration and its rollback on " + d.bench.Server.String())
	defer said.end()
	err := d.bench.Prove(d.session.ctx, d.result, d.states[0], d.states[1], d.options())
	if d.touchesLeft() {
		d.result.Proved = false
	}
	return err
}

// unmanaged names the objects that are not compared.
func (d *comparison) unmanaged() error {
	var names []string
	for _, id := range d.result.Up.Unmanaged {
		names = append(names, id.String())
		tell(d.session.Err, "warning: %s is not managed and was left out", id)
	}
	if d.Strict && len(names) > 0 {
		return problem.New("leave --strict out to go on without them", "%s not managed: %s",
			report.Plural(len(names), "object is", "objects are"), strings.Join(names, ", ")).Exit(problem.Failed)
	}
	return nil
}
