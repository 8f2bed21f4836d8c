package whatif

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// made is an index that exists for one session: one, or one for each partition.
type made struct {
	oids  []uint32
	names []string
}

// hypo is the planner on HypoPG.
type hypo struct {
	*pool
	schema string // that the extension is in, quoted
	sizes  sizes
}

// Plan implements advise.Planner.
func (h *hypo) Plan(ctx context.Context, q *advise.Query, with []*advise.Index) (*advise.Plan, error) {
	s, err := h.take(ctx)
	if err != nil {
		return nil, err
	}
	defer h.give(s)
	if err := h.set(ctx, s, slices.DeleteFunc(slices.Clone(with), unplannable)); err != nil {
		return nil, err
	}
	top, err := s.explain(ctx, q)
	if err != nil {
		return nil, err
	}
	e := estimate{q: q, top: top, cost: top.Total}
	e.with(slices.DeleteFunc(slices.Clone(with), plannable))
	plan := &advise.Plan{Cost: e.cost, Rows: top.Rows, Used: e.used, Text: e.text(top.text(s.named(with))), Joins: top.joins()}
	made := map[string]bool{}
	for _, i := range slices.DeleteFunc(slices.Clone(with), unplannable) {
		used := false
		m := s.made[i.ID()]
		for _, name := range m.names {
			made[name] = true
		}
		top.walk(func(n *node) {
			for _, name := range m.names {
				used = used || n.Index == name
			}
		})
		if used {
			plan.Used = append(plan.Used, i)
		}
	}
	plan.Looped = top.looped(made)
	return plan, nil
}

// noHypothetical is why the model reckons for an index, and not the server.
const noHypothetical = "estimated by a model: HypoPG has no GIN indexes"

// unplannable says whether HypoPG does not know an index's method: for those the
// model reckons what they make of the server's plan.
func unplannable(i *advise.Index) bool { return i.Method == "gin" }

func plannable(i *advise.Index) bool { return !unplannable(i) }

// set makes a session have these indexes and no others, in as few questions as
// can be: each costs more than HypoPG's work.
func (h *hypo) set(ctx context.Context, s *session, with []*advise.Index) error {
	want := map[string]bool{}
	for _, i := range with {
		want[i.ID()] = true
	}
	var drops []string
	for id, m := range s.made {
		if want[id] {
			continue
		}
		for _, oid := range m.oids {
			drops = append(drops, fmt.Sprintf("%s.hypopg_drop_index(%d)", h.schema, oid))
		}
		delete(s.made, id)
	}
	if len(drops) > 0 {
		question := strings.Join(drops, ", ")
		if len(s.made) == 0 {
			question = h.schema + ".hypopg_reset()"
		}
		if _, err := s.conn.ExecContext(ctx, "SELECT "+workload.Tag+" "+question); err != nil {
			return fmt.Errorf("dropping hypothetical indexes: %w", err)
		}
	}
	var missing []*advise.Index
	for _, i := range with {
		if _, ok := s.made[i.ID()]; !ok {
			missing = append(missing, i)
		}
	}
	return h.create(ctx, s, missing)
}

// create makes indexes for a session; on a partitioned table one on each
// partition, as the real ones would be. It notes their sizes.
func (h *hypo) create(ctx context.Context, s *session, list []*advise.Index) error {
	var definitions []string
	var owners []*advise.Index
	for _, i := range list {
		for _, d := range onEach(i) {
			definitions, owners = append(definitions, catalog.Literal(d)), append(owners, i)
		}
		s.made[i.ID()] = made{}
	}
	if len(definitions) == 0 {
		return nil
	}
	rows, err := s.conn.QueryContext(ctx, "SELECT "+workload.Tag+" d.n, i.indexrelid::bigint, i.indexname, "+h.schema+".hypopg_relation_size(i.indexrelid) FROM unnest(ARRAY["+
		strings.Join(definitions, ", ")+"]::text[]) WITH ORDINALITY d (definition, n), LATERAL "+h.schema+".hypopg_create_index(d.definition) i")
	if err == nil {
		err = h.note(s, rows, owners)
	}
	if err == nil {
		return nil
	}
	// One that is refused takes the others with it, though some may be there.
	e := pgdb.AsError(err)
	s.made = map[string]made{}
	if _, err := s.conn.ExecContext(ctx, "SELECT "+workload.Tag+" "+h.schema+".hypopg_reset()"); err != nil {
		return err
	}
	if e == nil {
		return fmt.Errorf("making hypothetical indexes: %w", err)
	}
	return &advise.Refusal{Reason: e.Message}
}

func (h *hypo) note(s *session, rows *sql.Rows, owners []*advise.Index) error {
	defer rows.Close()
	sums := map[string]int64{}
	for rows.Next() {
		var n int
		var oid uint32
		var name string
		var bytes int64
		if err := rows.Scan(&n, &oid, &name, &bytes); err != nil {
			return err
		}
		id := owners[n-1].ID()
		m := s.made[id]
		m.oids, m.names = append(m.oids, oid), append(m.names, name)
		s.made[id] = m
		sums[id] += bytes
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, i := range owners {
		bytes := sums[i.ID()]
		if i.Method == "btree" {
			bytes = min(bytes, indexBytes(i)) // HypoPG knows nothing of deduplication
		}
		h.sizes.remember(i.ID(), advise.Sized{Bytes: bytes})
	}
	return nil
}

// onEach are the definitions of an index: one, or one for each partition.
func onEach(i *advise.Index) []string {
	if i.Table.Kind != advise.Partitioned {
		return []string{i.Definition("", false)}
	}
	var all []string
	for _, p := range i.Table.Partitions {
		if p.Kind != advise.Foreign {
			all = append(all, i.On(catalog.Quote(p.Schema)+"."+catalog.Quote(p.Name), "", false))
		}
	}
	return all
}

// Sizes implements advise.Planner: all at once, and one by one where one of them
// is refused.
func (h *hypo) Sizes(ctx context.Context, list []*advise.Index) ([]advise.Sized, error) {
	unknown := slices.DeleteFunc(slices.Clone(list), func(i *advise.Index) bool { return h.sizes.has(i.ID()) })
	for _, i := range unknown {
		if plannable(i) {
			continue
		}
		refused, err := h.makeable(ctx, i)
		if err != nil {
			return nil, err
		}
		h.sizes.remember(i.ID(), advise.Sized{Bytes: indexBytes(i), Refused: refused, Modelled: noHypothetical})
	}
	unknown = slices.DeleteFunc(unknown, unplannable)
	if len(unknown) > 0 {
		s, err := h.take(ctx)
		if err != nil {
			return nil, err
		}
		defer h.give(s)
		err = h.set(ctx, s, unknown)
		var r *advise.Refusal
		if errors.As(err, &r) {
			err = h.oneByOne(ctx, s, unknown)
		}
		if err != nil {
			return nil, err
		}
	}
	return h.sizes.of(list), nil
}

func (h *hypo) oneByOne(ctx context.Context, s *session, list []*advise.Index) error {
	for _, i := range list {
		err := h.set(ctx, s, []*advise.Index{i})
		var r *advise.Refusal
		if errors.As(err, &r) {
			h.sizes.remember(i.ID(), advise.Sized{Refused: err})
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Method implements advise.Planner.
func (h *hypo) Method() string { return "the server's planner with hypothetical indexes (HypoPG)" }
