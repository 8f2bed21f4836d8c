package pgdb

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/lib/pq"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// SQLSTATE codes that somebody here has to tell apart.
const (
	UndefinedObject      = "42704" // role, extension, type …
	UndefinedTable       = "42P01"
	LockNotAvailable     = "55P03"
	DeadlockDetected     = "40P01"
	QueryCanceled        = "57014"
	InvalidTermination   = "2D000" // COMMIT in a procedure that was called in a transaction
	InsufficientRights   = "42501"
	ActiveTransaction    = "25001" // cannot run inside a transaction block
	ReadOnlyTransaction  = "25006"
	UndefinedFile        = "58P01" // an extension that is not installed
	FeatureNotSupported  = "0A000"
	UnsafeNewEnumValue   = "55P04"
	InvalidPassword      = "28P01"
	InvalidAuthorization = "28000"
	UnknownDatabase      = "3D000"
	DuplicateDatabase    = "42P04"
	ObjectInUse          = "55006"
	TooManyConnections   = "53300"
	CannotConnectNow     = "57P03"
	ForeignKeyViolation  = "23503"
)

// Error is what the server said about a statement.
type Error struct {
	Severity string
	Code     string // SQLSTATE
	Message  string
	Detail   string
	Hint     string
	Where    string // context, as within a function
	Position int    // character in the statement, from 1; 0 is unknown
	Schema   string
	Table    string
	Name     string // constraint
}

// Error is the server's message with its SQLSTATE.
func (e *Error) Error() string { return e.Message + " (SQLSTATE " + e.Code + ")" }

// AsError is the server's error in err's chain, or nil.
func AsError(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var e *pq.Error
	if errors.As(err, &e) {
		return convert(e)
	}
	return nil
}

// Code is the SQLSTATE of err, or "".
func Code(err error) string {
	if e := AsError(err); e != nil {
		return e.Code
	}
	return ""
}

func convert(e *pq.Error) *Error {
	position, _ := strconv.Atoi(e.Position)
	return &Error{
		Severity: e.Severity, Code: string(e.Code), Message: e.Message, Detail: e.Detail, Hint: e.Hint,
		Where: e.Where, Position: position, Schema: e.Schema, Table: e.Table, Name: e.Constraint,
	}
}

// Explain is the server's message, detail and hint: what a user sees of a
// failed statement.
func (e *Error) Explain() (message, hint string) {
	message = e.Message
	if e.Detail != "" {
		message += " (" + strings.TrimSuffix(e.Detail, ".") + ")"
	}
	return message, e.Hint
}

// secretBefore is the end of a statement that names a secret.
var secretBefore = regexp.MustCompile(`([A-Za-z_]+)\s*[:=]*\s*$`)

// ExplainIn is Explain for an error of this statement: what PostgreSQL quotes of it
// may be a password without quotes.
func (e *Error) ExplainIn(sql string) (message, hint string) {
	message, hint = e.Explain()
	if e.Position < 1 || e.Position > len([]rune(sql)) {
		return message, hint
	}
	before := string([]rune(sql)[:e.Position-1])
	if m := secretBefore.FindStringSubmatch(before); m != nil && redact.Name(m[1]) {
		message = atOrNear.ReplaceAllString(message, `${1}"`+redact.Mask+`"`)
	}
	return message, hint
}

var atOrNear = regexp.MustCompile(`(at or near )"[^"]*"`)

// Gone says whether err means that the connection was lost.
func Gone(err error) bool {
	if err == nil {
		return false
	}
	if c := Code(err); strings.HasPrefix(c, "08") || c == "57P01" || c == "57P02" || c == "57P03" {
		return true
	}
	var network net.Error
	// database/sql closes a connection by itself once the driver gave it up.
	return errors.As(err, &network) || errors.Is(err, sql.ErrConnDone) || strings.Contains(err.Error(), "bad connection") || strings.Contains(err.Error(), "EOF")
}

// Explain is an error of the driver or the network in words that say something to
// a user. What the server said stays what it said.
func (db *DB) Explain(err error) error {
	var own *problem.Problem
	var connecting *net.OpError
	if err == nil || errors.As(err, &own) || errors.Is(err, context.Canceled) {
		return err
	}
	var e *pq.Error
	switch {
	case errors.As(err, &connecting) && connecting.Op == "dial":
		return db.Target.connectProblem(err)
	case errors.As(err, &e) && Gone(err):
		return problem.Wrap(err, "", "the server ended the connection: %s", e.Message)
	case errors.As(err, &e):
		server := convert(e)
		message, hint := server.Explain()
		return problem.Wrap(err, hint, "%s", strings.Replace(err.Error(), e.Error(), message+" (SQLSTATE "+server.Code+")", 1))
	case Gone(err):
		return problem.Wrap(err, "", "the connection to the server was lost")
	}
	return err
}

// connectProblem says why there is no connection, and what to do.
func (t *Target) connectProblem(err error) error {
	message, hint := "", ""
	var dns *net.DNSError
	var e *pq.Error
	switch {
	case errors.As(err, &e):
		message = e.Message
		hint = t.refusalHint(string(e.Code))
	case errors.As(err, &dns):
		message, hint = "unknown host "+dns.Name, "check the host name of the connection string"
	case errors.Is(err, syscall.ECONNREFUSED):
		message, hint = "connection refused at "+t.Address(), "is PostgreSQL running there? check host and port"
	case errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOENT):
		message, hint = "no socket at "+t.Address(), "is PostgreSQL running? check host and port"
	case errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		message, hint = "no answer from "+t.Address()+" within "+t.config.ConnectTimeout.String(), "check host, port and firewall; connect_timeout in the connection string sets the limit"
	case errors.Is(err, context.Canceled):
		return err
	case Gone(err):
		message, hint = "the connection was closed before the server answered", "is that PostgreSQL, and is it up? check host and port"
	default:
		message = strings.TrimPrefix(err.Error(), "pq: ")
		if strings.Contains(message, "SSL is not enabled") {
			hint = "write sslmode=prefer or sslmode=disable"
		}
	}
	for _, secret := range t.Secrets() {
		if len(secret) > 2 {
			message = strings.ReplaceAll(message, secret, redact.Mask)
		}
	}
	return problem.Wrap(err, hint, "cannot connect to %s: %s", t, message)
}

func (t *Target) refusalHint(code string) string {
	switch code {
	case InvalidPassword:
		return "check the password: in the connection string, PGPASSWORD or ~/.pgpass"
	case InvalidAuthorization:
		return "check the user, and the server's pg_hba.conf"
	case UnknownDatabase:
		return "create it first: createdb " + t.Database()
	case TooManyConnections:
		return "the server has no free connection; try again, or raise max_connections"
	case CannotConnectNow:
		return "the server is starting up or shutting down; try again"
	}
	return ""
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}
