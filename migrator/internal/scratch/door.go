package scratch

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"path/filepath"

	"github.com/seniorbackend/tools/migrator/internal/elevate"
)

// door lets other programs in: a port on 127.0.0.1, with a password.
type door struct {
	port     int
	password string
}

// openDoor chooses a free port, and writes who may come in.
func openDoor(data string, a *account) (*door, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	hba := filepath.Join(data, "pg_hba.conf")
	rules := "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
	f, err := create(hba, a)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := f.WriteString(rules); err != nil {
		return nil, err
	}
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return nil, fmt.Errorf("listening at %s", l.Addr())
	}
	return &door{port: at.Port, password: rand.Text()}, nil
}

// settings are the server's settings for it.
func (d *door) settings() []string {
	if d == nil {
		return nil
	}
	return []string{"listen_addresses=127.0.0.1"}
}

// number is the server's port. Without a door it is only a part of the socket's
// name, and every server has a folder of its own.
func (d *door) number() int {
	if d == nil {
		return 5432
	}
	return d.port
}

func (d *door) setPassword(ctx context.Context, c *cluster) error {
	if d == nil {
		return nil
	}
	db, err := c.open(ctx, prepared[0])
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "ALTER ROLE "+elevate.Role+" PASSWORD '"+d.password+"'")
	return err
}

func (d *door) url(database string) string {
	return fmt.Sprintf("postgres://%s:%s@127.0.0.1:%d/%s?sslmode=disable", elevate.Role, d.password, d.port, database)
}
