package cli

import (
	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// diffData is the diff for programs: docs/migrator/diff.schema.json.
type diffData struct {
	From      string       `json:"from"`
	To        string       `json:"to"`
	Equal     bool         `json:"equal"`
	Proved    bool         `json:"proved"`
	Server    string       `json:"scratch_server,omitempty"`
	Repaired  int          `json:"repaired_statements"`
	Changes   []changeData `json:"changes"`
	Up        []stepData   `json:"up"`
	Down      []stepData   `json:"down"`
	Unmanaged []string     `json:"unmanaged"`
	Notes     []string     `json:"notes"`
	Files     []fileData   `json:"files"`

	Irreversible []string `json:"irreversible"`
	NotCovered   []string `json:"not_covered"`

	Traffic []trafficData `json:"traffic,omitempty"`
}

type changeData struct {
	Action  string      `json:"action"`
	Kind    string      `json:"kind"`
	Object  string      `json:"object"`
	Because string      `json:"because,omitempty"`
	Fields  []fieldData `json:"fields,omitempty"`
}

type fieldData struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

type stepData struct {
	Transactional bool            `json:"transactional"`
	Statements    []statementData `json:"statements"`
}

type statementData struct {
	SQL              string       `json:"sql"`
	Object           string       `json:"object"`
	Lock             string       `json:"lock,omitempty"`
	LockOn           string       `json:"lock_on,omitempty"`
	LockTimeout      float64      `json:"lock_timeout_seconds"`
	StatementTimeout float64      `json:"statement_timeout_seconds"`
	Hazards          []hazardData `json:"hazards"`
}

type hazardData struct {
	Kind    lint.Kind `json:"kind"`
	Message string    `json:"message"`
	Rows    *int64    `json:"rows"`
	Bytes   *int64    `json:"bytes"`
}

type fileData struct {
	Kind string `json:"kind"`
	Path string `json:"path"`
}

func (d *comparison) data() diffData {
	r := d.result
	data := diffData{
		From: d.from.String(), To: d.to.String(), Equal: r.Up.Empty(), Proved: r.Proved, Server: r.Server, Repaired: r.Repaired,
		Changes: []changeData{}, Up: steps(r.Up), Down: steps(r.Down), Unmanaged: []string{}, Notes: append([]string{}, r.Up.Notes...),
		Traffic: d.trafficData(), Files: []fileData{}, Irreversible: append([]string{}, r.Irreversible...), NotCovered: []string{},
	}
	for _, u := range r.Uncovered {
		data.NotCovered = append(data.NotCovered, uncovered(u))
	}
	for _, id := range d.left.whole {
		data.NotCovered = append(data.NotCovered, d.notCompared(id))
	}
	for _, c := range r.Up.Changes {
		change := changeData{Action: string(c.Action), Kind: string(c.ID.Kind), Object: c.ID.Path(), Because: c.Because}
		for _, f := range c.Fields {
			f = shownDifference(f)
			change.Fields = append(change.Fields, fieldData{f.Field.String(), f.Old, f.New})
		}
		data.Changes = append(data.Changes, change)
	}
	for _, id := range r.Up.Unmanaged {
		data.Unmanaged = append(data.Unmanaged, id.String())
	}
	for _, f := range d.written {
		data.Files = append(data.Files, fileData(f))
	}
	return data
}

func steps(p *plan.Plan) []stepData {
	all := []stepData{}
	for _, s := range p.Segments {
		step := stepData{Transactional: s.Transactional, Statements: []statementData{}}
		for _, st := range s.Statements {
			data := statementData{
				SQL: shown(st.SQL), Object: st.Object.String(), Lock: st.Lock, LockOn: st.LockOn,
				LockTimeout: st.LockTimeout.Seconds(), StatementTimeout: st.StatementTimeout.Seconds(), Hazards: []hazardData{},
			}
			for _, h := range st.Hazards {
				data.Hazards = append(data.Hazards, hazardData{h.Kind, h.Message, known(h.Rows), known(h.Bytes)})
			}
			step.Statements = append(step.Statements, data)
		}
		all = append(all, step)
	}
	return all
}

// known is a figure, or nil where it is not known.
func known(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}
