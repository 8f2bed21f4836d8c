package main

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed rows
var rows embed.FS

// database is what a request costs a server that was generated from a database, and
// servers over the same tables that were written by hand.
func (b *bench) database() error {
	dsn := os.Getenv("DATABASE_URL")
	if dsn == "" {
		return errors.New("DATABASE_URL names no database; migrator scratch -- go run ./scripts/bench-scaffolder -only database makes one")
	}
	if err := b.unpack(); err != nil {
		return err
	}
	scripts := filepath.Join(b.dir, "rows")
	if _, err := execute(scripts, "node", "fill.mjs"); err != nil {
		return err
	}
	var projects []string
	for _, framework := range []string{"express", "fastify", "koa"} {
		project := filepath.Join(b.dir, "database-"+framework)
		if _, err := execute(b.dir, b.tool, "database", dsn, "--tables", "books", "--tables", "authors", "--framework", framework, "--output", project); err != nil {
			return err
		}
		projects = append(projects, project)
	}
	if _, err := execute(b.scripts(), append([]string{"node", "build.mjs"}, projects...)...); err != nil {
		return err
	}
	s, err := execute(scripts, append([]string{"node", "rows.mjs", fmt.Sprint(40 * b.rounds), fmt.Sprint(b.requests)}, projects...)...)
	fmt.Print(string(s.out))
	return err
}
