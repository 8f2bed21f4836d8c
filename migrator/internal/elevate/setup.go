package elevate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
)

// Superuser is the only one of a server. It cannot log in.
const Superuser = "migrator scratch superuser"

// Role is who loads schemas where no live database says otherwise: the name that
// dumps have most.
const Role = "postgres"

//go:embed setup.sql
var setup string

// attributes of a role that loads schemas: all but SUPERUSER and REPLICATION.
const attributes = "LOGIN CREATEDB CREATEROLE BYPASSRLS"

// beyond are the roles that reach files, programs and other servers. A role with
// CREATEROLE could make itself a member before PostgreSQL 16.
const beyond = "'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_create_subscription'"

// Setup makes a new cluster ready, as its superuser in the database that the
// others are copies of.
func Setup(ctx context.Context, db *sql.DB, databases []string) error {
	statements := []string{
		"CREATE ROLE " + Role + " " + attributes,
		"DELETE FROM pg_catalog.pg_authid WHERE rolname IN (" + beyond + ")",
		setup,
	}
	for _, name := range databases {
		statements = append(statements, "ALTER DATABASE "+name+" OWNER TO "+Role)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%.40s: %w", strings.TrimSpace(s), err)
		}
	}
	return nil
}

// Close takes the superuser's login away: nobody is it from now on.
func Close(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `ALTER ROLE "`+Superuser+`" NOLOGIN`)
	return err
}

// Token is what a run's statements are raised with.
type Token string

// NewToken makes one.
func NewToken() Token { return Token(rand.Text()) }

// Settings are the server's settings that make it know the token.
func (t Token) Settings(major int) []string {
	sum := sha256.Sum256([]byte(t))
	settings := []string{"cluster_name=" + hex.EncodeToString(sum[:])[:60]}
	if major >= 16 {
		settings = append(settings, "createrole_self_grant=set, inherit")
	}
	return settings
}
