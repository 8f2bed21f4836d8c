package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/nplusone"
	"github.com/seniorbackend/tools/migrator/internal/observe"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

type analyzeCmd struct {
	Connection    string   `env:"MIGRATOR_CONNECTION,DATABASE_URL" placeholder:"DSN" help:"The database. A log can be looked at without one."`
	Only          []string `placeholder:"RULE" help:"Judge by these health rules only (docs/migrator/rules.md lists them)."`
	Skip          []string `placeholder:"RULE" help:"Leave these health rules out."`
	All           bool     `help:"Judge by the rules of taste as well."`
	Limit         []string `placeholder:"RULE.NAME=NUMBER" help:"Another limit of a rule, e.g. unused-index.max_scans=50; again for more."`
	Watch         seconds  `placeholder:"TIME" help:"Judge the queries of this much time from now on, e.g. 60s, instead of all since the statistics began."`
	Log           string   `placeholder:"FILE" help:"Judge the queries of a server's log (text, csv, JSON; - for standard input), also for N+1 queries, instead of pg_stat_statements."`
	Since         string   `placeholder:"FILE" help:"Say what changed since an earlier analysis (its --format json): which suggested indexes are used, and what queries cost now."`
	StatisticsAge days     `placeholder:"TIME" help:"How long the server has counted, where it does not know itself, e.g. 30d."`
	FailOn        string   `enum:"high,medium,low,never" default:"never" help:"Exit with 1 where a finding is this bad or worse (${enum})."`
	Show          int      `default:"10" help:"How many findings of one rule are shown in full; 0 is all. json has all of them always (default: 10)."`
	Output        string   `short:"o" placeholder:"FILE" help:"Write the report to this file instead of standard output."`
	Format        string   `default:"text" enum:"text,json,markdown,html,junit,github" help:"Form of the report (${enum})."`
}

// Help is shown after the flags.
func (analyzeCmd) Help() string {
	return `It only reads: catalogs and statistics, in one snapshot. A role with pg_monitor is enough.

Examples:
  migrator analyze --connection $DATABASE_URL
  migrator analyze --connection $DATABASE_URL --fail-on high --format github
  migrator analyze --connection $DATABASE_URL --watch 60s
  migrator analyze --connection $DATABASE_URL --since monday.json
  migrator analyze --connection $DATABASE_URL --log postgresql.log
  migrator analyze --connection $DATABASE_URL --only unused-index,duplicate-index --format json`
}

// Run analyzes a database.
func (c *analyzeCmd) Run(s *session) error { return interrupted(s, c.run(s)) }

func (c *analyzeCmd) run(s *session) error {
	rules, err := c.rules()
	if err != nil {
		return err
	}
	a := &analysis{analyzeCmd: c, session: s, health: &analyze.Judgement{}}
	if err := a.usage(); err != nil {
		return err
	}
	var past *analyze.Past
	if c.Since != "" {
		if past, err = readPast(c.Since); err != nil {
			return err
		}
	}
	if c.Connection == "" {
		err = a.readLogAlone(rules)
	} else {
		err = a.readServer(rules, past)
	}
	if err != nil {
		return err
	}
	if err := a.report(); err != nil {
		return err
	}
	return a.failed()
}

// usage says which flags do not go together.
func (a *analysis) usage() error {
	switch {
	case a.Connection == "" && a.Log == "":
		return problem.New("give --connection DSN, or DATABASE_URL in the environment", "missing flags: --connection=DSN")
	case a.Connection == "" && a.Since != "":
		return problem.New("give --connection DSN", "--since asks a database")
	case a.Log != "" && a.Watch > 0:
		return problem.New("leave one of them out", "--log and --watch exclude each other")
	case a.Watch < 0 || a.Watch > 0 && time.Duration(a.Watch) < time.Second:
		return problem.New("write 60s", "--watch wants a second or more")
	}
	return nil
}

// analysis is what one run found.
type analysis struct {
	*analyzeCmd
	session *session
	target  string
	work    asked
	seen    *analyze.Observation
	health  *analyze.Judgement
	log     nplusone.Log
	risks   []nplusone.Risk

	advice   *advise.Result    // nil without a workload
	progress *analyze.Progress // nil without --since
	// sinceNotes say how far the two analyses can be compared.
	sinceNotes []string
}

// readLogAlone looks at a log, without a server.
func (a *analysis) readLogAlone(rules []analyze.Rule) error {
	a.target = a.Log
	if err := a.readLog(nil); err != nil {
		return err
	}
	a.risks = a.log.Risks(nplusone.Guess(a.work.whole.Statements))
	a.health.Say(rules, analyze.NPlusOne, riskFindings(a.risks))
	a.hidden()
	return nil
}

// readServer asks the server: for its statements first, so that they are not about
// us.
func (a *analysis) readServer(rules []analyze.Rule, past *analyze.Past) error {
	db, err := pgdb.ConnectWithin(a.session.ctx, a.Connection, endLimit)
	if err != nil {
		return err
	}
	defer db.Close()
	a.target = db.Target.String()
	if a.Log != "" {
		err = a.readLog(db)
	} else {
		err = a.readWork(db)
	}
	if err != nil {
		return err
	}
	said := a.session.working("reading " + a.target)
	defer said.end()
	if a.seen, err = observe.Read(a.session.ctx, db, rules, observe.Options{Age: time.Duration(a.StatisticsAge)}); err != nil {
		return err
	}
	a.health = analyze.Judge(rules, a.seen, a.work.whole, time.Duration(a.StatisticsAge))
	if err := a.readQueries(db, rules); err != nil {
		return err
	}
	if past == nil {
		return nil
	}
	return a.compare(db, past)
}

// readQueries judges what the database was asked, by those rules that are about it.
func (a *analysis) readQueries(db *pgdb.DB, rules []analyze.Rule) error {
	if a.work.whole == nil {
		return nil
	}
	if a.hidden(); len(a.work.whole.Statements) == 0 {
		return nil
	}
	wanted := func(id string) bool {
		return slices.ContainsFunc(rules, func(r analyze.Rule) bool { return r.ID == id })
	}
	if wanted(analyze.MissingIndex) || wanted(analyze.MisestimatedRows) {
		if err := a.advise(db); err != nil {
			return err
		}
		a.health.Estimates(rules, a.estimates())
		a.unplanned()
	}
	if wanted(analyze.MissingIndex) {
		a.health.Say(rules, analyze.MissingIndex, a.indexFindings())
	} else {
		a.advice = nil // it was asked for what it expects
	}
	if wanted(analyze.NPlusOne) {
		if err := a.loops(a.session.ctx, db); err != nil {
			return err
		}
		a.health.Say(rules, analyze.NPlusOne, riskFindings(a.risks))
	}
	return nil
}

// unplanned says which queries the rules about plans know nothing of.
func (a *analysis) unplanned() {
	rights := 0
	for _, r := range a.advice.Refused {
		if r.Rights {
			rights++
		}
	}
	say := func(n int, one, many, why string) {
		if n > 0 {
			a.health.Unjudged = append(a.health.Unjudged, analyze.Unjudged{Rule: analyze.MissingIndex + ", " + analyze.MisestimatedRows, Reason: report.Plural(n, one, many) + why})
		}
	}
	say(rights, "statement was", "statements were", " not planned for want of rights on their tables (GRANT pg_read_all_data from PostgreSQL 14 on, or SELECT)")
	say(len(a.advice.Refused)-rights, "statement", "statements", " could not be planned: suggest-indexes lists them")
}

// hidden says which statements the rules about queries know nothing of.
func (a *analysis) hidden() {
	left := a.work.whole.Left
	say := func(n int64, one, many, why string) {
		if n > 0 {
			a.health.Unjudged = append(a.health.Unjudged, analyze.Unjudged{Rule: "queries", Reason: report.Plural(n, one, many) + why})
		}
	}
	say(int64(left.Hidden), "statement of another role is", "statements of other roles are", " hidden from this one (GRANT pg_read_all_stats)")
	say(int64(left.NoText), "statement has", "statements have", " lost the text (pg_stat_statements_reset() begins anew)")
	say(int64(left.Unreadable), "line of the log", "lines of the log", " could not be read")
	say(left.Evicted, "time", "times", " pg_stat_statements made room and forgot statements (pg_stat_statements.max keeps more)")
}

// failed is the error of a run whose findings are as bad as --fail-on says.
func (a *analysis) failed() error {
	bar, ok := analyze.ParseSeverity(a.FailOn)
	if !ok {
		return nil
	}
	n := 0
	for _, f := range a.health.Findings {
		if f.Severity <= bar {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return problem.New("the report says how to mend them", "%d findings are %s or worse (--fail-on %s)", n, bar, bar).Exit(problem.Failed)
}

// rules are the rules to judge by, with the limits of the command line.
func (c *analyzeCmd) rules() ([]analyze.Rule, error) {
	all := analyze.Rules()
	for _, id := range slices.Concat(c.Only, c.Skip) {
		if !slices.ContainsFunc(all, func(r analyze.Rule) bool { return r.ID == id }) {
			return nil, problem.New("the rules are: "+strings.Join(ruleIDs(all), ", "), "unknown rule %q", id)
		}
	}
	for _, text := range c.Limit {
		if err := setLimit(all, text); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(all, func(r analyze.Rule) bool {
		named := slices.Contains(c.Only, r.ID)
		return slices.Contains(c.Skip, r.ID) || len(c.Only) > 0 && !named || r.OptIn && !named && !c.All
	}), nil
}

// setLimit reads RULE.NAME=NUMBER.
func setLimit(rules []analyze.Rule, text string) error {
	name, number, _ := strings.Cut(text, "=")
	id, limit, _ := strings.Cut(name, ".")
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return problem.New("write RULE.NAME=NUMBER, e.g. unused-index.max_scans=50", "cannot read --limit %s", text)
	}
	i := slices.IndexFunc(rules, func(r analyze.Rule) bool { return r.ID == id })
	if i < 0 {
		return problem.New("the rules are: "+strings.Join(ruleIDs(rules), ", "), "unknown rule %q", id)
	}
	changed, ok := rules[i].With(limit, value)
	if !ok {
		var names []string
		for _, l := range rules[i].Limits {
			names = append(names, l.Name)
		}
		return problem.New("its limits: "+strings.Join(names, ", "), "rule %s has no limit %q", id, limit)
	}
	rules[i] = changed
	return nil
}

func ruleIDs(rules []analyze.Rule) []string {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return ids
}
