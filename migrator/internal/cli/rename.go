package cli

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/terminal"
)

// plan plans both ways, with the renames that were asked for: by flag, in the
// schema files, or by an answer on the terminal.
func (d *comparison) plan() (*proof.Result, error) {
	renames, err := d.flagged()
	if err != nil {
		return nil, err
	}
	if l := d.states[1].Loaded; l != nil {
		renames = append(renames, d.annotated(l.Renames)...)
	}
	answered, err := d.ask(renames)
	if err != nil {
		return nil, err
	}
	said := d.session.working("planning")
	defer said.end()
	r, err := d.bench.PlanRenamed(d.session.ctx, d.states[0], d.states[1], append(renames, answered...), d.options())
	if err != nil && len(renames) > 0 && pgdb.AsError(err) == nil {
		return nil, problem.Wrap(err, "names are those of the present schema: users=accounts, users.name=full_name", "%v", err)
	}
	return r, err
}

// flagged are the renames of --rename.
func (d *comparison) flagged() ([]plan.Renaming, error) {
	var all []plan.Renaming
	for _, r := range d.Rename {
		from, to, ok := strings.Cut(r, "=")
		if !ok || from == "" || to == "" {
			return nil, problem.New("write --rename OLD=NEW, e.g. users.name=full_name", "--rename %s names no new name", r)
		}
		all = append(all, plan.Renaming{From: from, To: to})
	}
	steps, err := plan.Renames(d.states[0].Catalog, all)
	if err != nil {
		return nil, problem.Wrap(err, "names are those of the present schema: users=accounts, users.name=full_name", "%v", err)
	}
	if s, unmet := plan.Unmet(d.states[1].Catalog, steps); unmet {
		return nil, problem.New("check the new name", "--rename: %s would become %s, which the wanted schema does not have", s.Old, s.New.Path())
	}
	return all, nil
}

// annotated are the renames of a schema file that are still to be done: an
// annotation stays in the file when its rename is long done.
func (d *comparison) annotated(wishes []schemafile.Rename) []plan.Renaming {
	var all []plan.Renaming
	for _, w := range wishes {
		one := plan.Renaming{From: w.Old, To: w.New}
		steps, err := plan.Renames(d.states[0].Catalog, []plan.Renaming{one})
		if err != nil || len(steps) == 0 {
			continue
		}
		if last := steps[len(steps)-1]; last.Old != last.New && d.states[0].Catalog.Objects[last.New] != nil {
			continue // the new name is there, so this was done; what has the old name is something else
		}
		all = append(all, one)
	}
	for {
		steps, err := plan.Renames(d.states[0].Catalog, all)
		if err != nil {
			return all
		}
		s, unmet := plan.Unmet(d.states[1].Catalog, steps)
		if !unmet {
			return all
		}
		for i, r := range all {
			own, _ := plan.Renames(d.states[0].Catalog, []plan.Renaming{r})
			if slices.ContainsFunc(own, func(o plan.RenameStep) bool { return o.New == s.New }) {
				tell(d.session.Err, "warning: migrator:rename %s %s was left out: the wanted schema has no %s", r.From, r.To, s.New.Path())
				all = append(all[:i:i], all[i+1:]...)
				break
			}
		}
	}
}

// ask asks about what looks like a rename. Without a terminal nothing is asked
// and nothing guessed: a hint says how to say it.
func (d *comparison) ask(said []plan.Renaming) ([]plan.Renaming, error) {
	candidates := plan.Candidates(d.states[0].Catalog, d.states[1].Catalog, said)
	s := d.session
	if !terminal.Is(s.In) || !terminal.Is(s.Err) || d.ExitCode || d.bench == nil {
		for _, c := range candidates {
			tell(s.Err, "hint: the %s %s goes and %s comes, much alike: if it is renamed, say --rename %s", c.Kind, c.From, c.To, shellWord(c.From+"="+c.To))
		}
		return nil, nil
	}
	var answered []plan.Renaming
	asked := map[plan.Candidate]bool{}
	in := bufio.NewReader(s.In)
	for {
		// A table under its new name may have renamed columns.
		candidates = plan.Candidates(d.states[0].Catalog, d.states[1].Catalog, slices.Concat(said, answered))
		i := slices.IndexFunc(candidates, func(c plan.Candidate) bool { return !asked[c] })
		if i < 0 {
			return answered, nil
		}
		c := candidates[i]
		asked[c] = true
		io.WriteString(s.Err, escaped(fmt.Sprintf("Is the %s %s renamed to %s? If not, it is dropped and the new one made. [y/N] ", c.Kind, c.From, c.To)))
		yes, err := d.answer(in)
		if err != nil {
			return nil, err
		}
		if yes {
			answered = append(answered, c.Renaming)
		}
	}
}

// answer reads a yes or a no. ^C while waiting ends the command.
func (d *comparison) answer(in *bufio.Reader) (bool, error) {
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := in.ReadString('\n')
		read <- line{text, err}
	}()
	select {
	case <-d.session.ctx.Done():
		return false, d.session.ctx.Err()
	case l := <-read:
		word := strings.ToLower(strings.TrimSpace(l.text))
		if l.err != nil && word == "" {
			fmt.Fprintln(d.session.Err)
			return false, problem.Wrap(l.err, "say --rename OLD=NEW", "no answer: %v", l.err)
		}
		return word == "y" || word == "yes", nil
	}
}

// shellWord quotes a word for a shell, where that is needed.
func shellWord(w string) string {
	if strings.ContainsAny(w, " \"'$`\\()&;|<>*?[]#~!") {
		return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return w
}
