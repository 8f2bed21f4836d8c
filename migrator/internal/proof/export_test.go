package proof

import (
	"context"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Seed puts the rows of a proof into every empty table of a database.
func Seed(ctx context.Context, db *pgdb.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tables, err := seedTables(ctx, conn)
	if err != nil {
		return err
	}
	return seed(ctx, conn, db.Runner(conn), tables)
}
