// Command runners runs a folder of migrations with the libraries of other
// runners, for the test of their files: runners goose|golang-migrate|dbmate
// FOLDER DSN up|down. It is a module of its own, so that migrator needs none of
// them.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"

	"github.com/amacneil/dbmate/v2/pkg/dbmate"
	_ "github.com/amacneil/dbmate/v2/pkg/driver/postgres"
	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/postgres"
	_ "github.com/golang-migrate/migrate/v4/source/file"
	"github.com/pressly/goose/v3"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4] == "up"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(runner, folder, dsn string, up bool) error {
	switch runner {
	case "goose":
		return runGoose(folder, dsn, up)
	case "golang-migrate":
		m, err := migrate.New("file://"+folder, dsn)
		if err != nil {
			return err
		}
		if up {
			return m.Up()
		}
		return m.Down()
	case "dbmate":
		return runDbmate(folder, dsn, up)
	}
	return fmt.Errorf("unknown runner %s", runner)
}

func runGoose(folder, dsn string, up bool) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS(folder))
	if err != nil {
		return err
	}
	if up {
		_, err = p.Up(context.Background())
	} else {
		_, err = p.DownTo(context.Background(), 0)
	}
	return err
}

func runDbmate(folder, dsn string, up bool) error {
	u, err := url.Parse(dsn)
	if err != nil {
		return err
	}
	m := dbmate.New(u)
	m.MigrationsDir = []string{folder}
	m.AutoDumpSchema = false
	m.Log = os.Stderr
	if up {
		return m.Migrate()
	}
	files, err := os.ReadDir(folder)
	for range files {
		if err := m.Rollback(); err != nil {
			return err
		}
	}
	return err
}
