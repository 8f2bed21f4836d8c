package pgdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

// copier is what the driver makes of COPY … FROM STDIN.
type copier interface {
	CopyData(ctx context.Context, line string) (driver.Result, error)
	Close() error
}

// CopyIn runs COPY … FROM STDIN in a transaction of its own and sends the data as
// it is, in whatever form the statement says.
func CopyIn(ctx context.Context, conn *sql.Conn, query, data string) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to take back
	err = conn.Raw(func(c any) error {
		session, ok := c.(driver.Conn)
		if !ok {
			return fmt.Errorf("a connection of type %T", c)
		}
		st, err := session.Prepare(query)
		if err != nil {
			return err
		}
		into, ok := st.(copier)
		if !ok {
			return errors.Join(errors.New("the statement takes no rows"), st.Close())
		}
		for len(data) > 0 {
			var lines string
			lines, data = someLines(data)
			if _, err := into.CopyData(ctx, lines); err != nil {
				return errors.Join(err, into.Close())
			}
		}
		return into.Close() // says what the server has found
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// someLines parts some kilobytes of whole lines from the rest. The last line is
// without its end, which the driver adds.
func someLines(data string) (lines, rest string) {
	const enough = 32 << 10
	n := strings.IndexByte(data[min(enough, len(data)):], '\n')
	if n < 0 {
		return strings.TrimSuffix(data, "\n"), ""
	}
	n += min(enough, len(data))
	return data[:n], data[n+1:]
}
