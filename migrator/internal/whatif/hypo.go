package whatif

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	if err := h.set(ctx, s, with); err != nil {
		return nil, err
	}
	top, err := s.explain(ctx, q)
	if err != nil {
		return nil, err
	}
	plan := &advise.Plan{Cost: top.Total, Text: top.text(s.named(with))}
	for _, i := range with {
		used := false
		m := s.made[i.ID()]
		top.walk(func(n *node) {
			for _, name := range m.names {
				used = used || n.Index == name
			}
		})
		if used {
			plan.Used = append(plan.Used, i)
		}
	}
	return plan, nil
}

// set makes a session have these indexes and no others.
func (h *hypo) set(ctx context.Context, s *session, with []*advise.Index) error {
	want := map[string]bool{}
	for _, i := range with {
		want[i.ID()] = true
	}
	for id, m := range s.made {
		if want[id] {
			continue
		}
		if err := h.drop(ctx, s, m); err != nil {
			return err
		}
		delete(s.made, id)
	}
	for _, i := range with {
		if _, ok := s.made[i.ID()]; ok {
			continue
		}
		m, err := h.create(ctx, s, i)
		if err != nil {
			return err
		}
		s.made[i.ID()] = m
	}
	return nil
}

func (h *hypo) drop(ctx context.Context, s *session, m made) error {
	for _, oid := range m.oids {
		if _, err := s.conn.ExecContext(ctx, fmt.Sprintf("SELECT %s %s.hypopg_drop_index(%d)", workload.Tag, h.schema, oid)); err != nil {
			return fmt.Errorf("dropping a hypothetical index: %w", err)
		}
	}
	return nil
}

// create makes an index for a session; on a partitioned table one on each
// partition, as the real one would be.
func (h *hypo) create(ctx context.Context, s *session, i *advise.Index) (made, error) {
	var m made
	if i.Table.Kind != advise.Partitioned {
		return m, h.createOn(ctx, s, i.Definition("", false), &m)
	}
	for _, p := range i.Table.Partitions {
		if p.Kind == advise.Foreign {
			continue
		}
		if err := h.createOn(ctx, s, i.On(catalog.Quote(p.Schema)+"."+catalog.Quote(p.Name), "", false), &m); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (h *hypo) createOn(ctx context.Context, s *session, definition string, m *made) error {
	var oid uint32
	var name string
	err := s.conn.QueryRowContext(ctx, "SELECT "+workload.Tag+" indexrelid::bigint, indexname FROM "+h.schema+".hypopg_create_index("+catalog.Literal(definition)+")").Scan(&oid, &name)
	if e := pgdb.AsError(err); e != nil {
		return &advise.Refusal{Reason: e.Message}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &advise.Refusal{Reason: "HypoPG does not make it"}
	}
	if err != nil {
		return err
	}
	m.oids, m.names = append(m.oids, oid), append(m.names, name)
	return nil
}

// Size implements advise.Planner.
func (h *hypo) Size(ctx context.Context, i *advise.Index) (int64, error) {
	id := i.ID()
	if size, err, ok := h.sizes.known(id); ok {
		return size, err
	}
	s, err := h.take(ctx)
	if err != nil {
		return 0, err
	}
	defer h.give(s)
	m, ok := s.made[id]
	if !ok {
		if m, err = h.create(ctx, s, i); err != nil {
			var r *advise.Refusal
			if errors.As(err, &r) {
				h.sizes.remember(id, 0, err)
				err = errors.Join(err, h.drop(ctx, s, m))
			}
			return 0, err
		}
		s.made[id] = m
	}
	var list []string
	for _, oid := range m.oids {
		list = append(list, fmt.Sprintf("%s.hypopg_relation_size(%d)", h.schema, oid))
	}
	var size int64
	if len(list) > 0 {
		if err := s.conn.QueryRowContext(ctx, "SELECT "+workload.Tag+" "+strings.Join(list, " + ")).Scan(&size); err != nil {
			return 0, fmt.Errorf("asking for the size of a hypothetical index: %w", err)
		}
	}
	h.sizes.remember(id, size, nil)
	return size, nil
}

// Method implements advise.Planner.
func (h *hypo) Method() string { return "the server's planner with hypothetical indexes (HypoPG)" }
