package apply

import (
	"context"
	"database/sql"
	"errors"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// leftover looks at what an interrupted try of a statement left, and clears it
// away. done says that the try had succeeded after all.
func (r *run) leftover(ctx context.Context, st sqltext.Statement) (done bool, err error) {
	index := migfile.ConcurrentIndex(st.SQL)
	switch {
	case index.Name == "":
		return false, nil
	case index.Drop:
		there, _, err := r.index(ctx, index.Name)
		return !there, err
	}
	name := index.Name
	if index.Table != "" && index.Schema != "" {
		name = index.Schema + "." + name
	}
	there, valid, err := r.index(ctx, name)
	if err != nil || !there || valid {
		return valid, err
	}
	r.options.Say("the index %s was left invalid; it is dropped and built again", name)
	if _, err := r.conn.ExecContext(ctx, "DROP INDEX CONCURRENTLY "+name); err != nil {
		return false, Failed(r.file, st, err)
	}
	return false, nil
}

// index says whether an index of a name (as in SQL) exists and is valid.
func (r *run) index(ctx context.Context, name string) (there, valid bool, err error) {
	err = r.conn.QueryRowContext(ctx, `SELECT i.indisvalid FROM pg_catalog.pg_index i
		WHERE i.indexrelid = pg_catalog.to_regclass(`+pgdb.QuoteLiteral(name)+`)`).Scan(&valid)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, valid, err
}
