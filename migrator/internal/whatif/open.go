package whatif

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Planner is a planner on a database in use; Close ends its sessions.
type Planner interface {
	advise.Planner
	Close() error
	// Modelled: costs with indexes come from a model, not from the server.
	Modelled() bool
}

// Options say how to ask.
type Options struct {
	// Workers is how many sessions plan at once; 0: 2.
	Workers int
	// NoHypoPG takes the model also where HypoPG is installed.
	NoHypoPG bool
}

// Open prepares to ask a database.
func Open(ctx context.Context, db *pgdb.DB, o Options) (Planner, error) {
	if o.Workers <= 0 {
		o.Workers = 2
	}
	p := &pool{db: db, workers: o.Workers, free: make(chan *session, o.Workers)}
	for range o.Workers {
		p.free <- nil // opened when it is needed
	}
	schema := ""
	err := db.QueryRowContext(ctx, `SELECT `+workload.Tag+` coalesce((SELECT n.nspname FROM pg_catalog.pg_extension e
		JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'), '')`).Scan(&schema)
	if err != nil {
		return nil, fmt.Errorf("looking for HypoPG: %w", err)
	}
	if schema == "" || o.NoHypoPG {
		return &model{pool: p}, nil
	}
	return &hypo{pool: p, schema: catalog.Quote(schema)}, nil
}

// pool is the sessions of a planner.
type pool struct {
	db      *pgdb.DB
	workers int
	free    chan *session // nil: not opened yet
	facts   *advise.Facts
}

// take is a free session, opened where it was not.
func (p *pool) take(ctx context.Context) (*session, error) {
	var s *session
	select {
	case s = <-p.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s != nil {
		return s, nil
	}
	s, err := openSession(ctx, p.db)
	if err == nil && p.facts != nil {
		err = s.setPath(ctx, p.facts)
	}
	if err != nil {
		p.free <- nil
		return nil, err
	}
	return s, nil
}

func (p *pool) give(s *session) { p.free <- s }

// Facts implements advise.Planner.
func (p *pool) Facts(ctx context.Context, names []advise.Name) (*advise.Facts, error) {
	s, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	defer p.give(s)
	if p.facts, err = readFacts(ctx, s.conn, names); err != nil {
		return nil, err
	}
	return p.facts, s.setPath(ctx, p.facts)
}

// Workers implements advise.Planner.
func (p *pool) Workers() int { return p.workers }

// closeLimit is how long that may take on a server that no longer answers.
const closeLimit = 10 * time.Second

// Close ends the sessions, and with them what HypoPG made in them.
func (p *pool) Close() error {
	var first error
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	for range p.workers {
		if s := <-p.free; s != nil {
			if err := s.end(ctx); err != nil && first == nil {
				first = err
			}
		}
	}
	return first
}

// Modelled implements Planner.
func (p *pool) Modelled() bool { return false }

// sizes remembers what was asked.
type sizes struct {
	mu  sync.Mutex
	all map[string]advise.Sized
}

func (s *sizes) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.all[id]
	return ok
}

func (s *sizes) of(list []*advise.Index) []advise.Sized {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]advise.Sized, len(list))
	for n, i := range list {
		all[n] = s.all[i.ID()]
	}
	return all
}

func (s *sizes) remember(id string, size advise.Sized) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]advise.Sized{}
	}
	s.all[id] = size
}
