package proof

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Home is what a live database says of itself, so that scratch databases can
// stand in for it.
type Home struct {
	db         *pgdb.DB
	user       string
	relations  int
	roles      []string
	extensions []string // with their versions
}

// largeHome is from how many tables, indexes and views on a database is kept out
// of memory when it is made again in a scratch server.
const largeHome = 3000

// Ask asks a live database; nil gives nil.
func Ask(ctx context.Context, db *pgdb.DB) (*Home, error) {
	if db == nil {
		return nil, nil
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	rows, err := pgdb.TextRows(ctx, conn, `SELECT ARRAY[current_user::text, (SELECT count(*) FROM pg_catalog.pg_class WHERE oid >= 16384)::text]
		UNION ALL SELECT ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_')
		UNION ALL SELECT ARRAY(SELECT extname || ' ' || extversion FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql')`)
	if err != nil {
		return nil, fmt.Errorf("asking for the roles: %w", err)
	}
	if len(rows) != 3 || len(rows[0]) != 2 {
		return nil, fmt.Errorf("asking for the roles: %d answers", len(rows))
	}
	h := &Home{db: db, user: rows[0][0], roles: append([]string{}, rows[1]...), extensions: rows[2]}
	slices.Sort(h.roles)
	slices.Sort(h.extensions)
	h.relations, err = strconv.Atoi(rows[0][1])
	return h, err
}
