package scratch

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// Modes of --scratch; anything else is a connection string.
const (
	Auto     = "auto"
	Local    = "local"
	Remote   = "server"
	Embedded = "embedded"
)

// Options say which server is wanted.
type Options struct {
	// Mode is one of the modes, or the connection string of a server that may
	// hold temporary databases. local and embedded take a major version:
	// embedded:16.
	Mode string
	// Target is the live database that the work is about, or nil.
	Target *pgdb.DB
	// Cache is the folder for prepared clusters; "" means the usual one.
	Cache string
	// Listen: the databases are for other programs too, on 127.0.0.1 with a
	// password.
	Listen bool
	// Large: so much may come that it is better kept out of memory.
	Large bool
	// Trusted: only our own statements and the caller's programs are run, as a
	// superuser. Without it nothing is.
	Trusted bool
	// Settings are further settings of a server of our own, as name=value.
	Settings []string
	// Log is told what takes long. It may be nil.
	Log io.Writer
	// hold is how the server is held; nil is caged.
	hold holder
	// wanted is the major version that Mode asks for; 0 is none.
	wanted int
}

// major is the version to start: the one asked for, else the target's.
func (o Options) major(otherwise int) int {
	switch {
	case o.wanted != 0:
		return o.wanted
	case o.Target != nil:
		return o.Target.Major()
	}
	return otherwise
}

func (o Options) holder() holder {
	if o.hold == nil {
		return caged
	}
	return o.hold
}

func (o Options) size() size { return size(o.Large) }

// Server gives scratch databases until Close.
type Server interface {
	// Database is a new and empty database. Close of the server removes it.
	Database(ctx context.Context) (*pgdb.DB, error)
	// Owned says whether the whole server is ours, so that roles may be made.
	Owned() bool
	// Gives says whether objects may be given to other roles: a role that was made
	// for the run on somebody's server owns all that it makes.
	Gives() bool
	// As is the database for another role, which loads schemas like our own: no
	// superuser, but nearly one among the objects of the schema. On a server that
	// is not ours it is the database as it is.
	As(ctx context.Context, db *pgdb.DB, role string) (*pgdb.DB, error)
	// URL is a database's connection string for other programs, with its
	// password.
	URL(db *pgdb.DB) (string, error)
	// String says what it is: "PostgreSQL 15.14 (local programs)".
	String() string
	// Close removes everything. It works after the context has ended too.
	Close() error
}

// Open finds or starts a server.
func Open(ctx context.Context, o Options) (Server, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	if mode, version, ok := strings.Cut(o.Mode, ":"); ok && (mode == Local || mode == Embedded) {
		var err error
		if o.wanted, err = strconv.Atoi(version); err != nil {
			return nil, problem.New("write "+mode+":17", "%q is no major version of PostgreSQL", version)
		}
		o.Mode = mode
	}
	for _, one := range o.Settings {
		if _, _, err := setting(one); err != nil {
			return nil, err
		}
	}
	if len(o.Settings) > 0 && o.Mode != Local && o.Mode != Embedded {
		if o.Mode != Auto && o.Mode != "" {
			return nil, problem.New("use local or embedded", "settings are for a scratch server of our own, and %s is none", o.Mode)
		}
		o.wanted, o.Target = o.major(0), nil // of its version, and never on it
	}
	switch o.Mode {
	case Auto, "":
		return openAuto(ctx, o)
	case Local:
		return openLocal(ctx, o)
	case Remote:
		if o.Target == nil {
			return nil, problem.New("give a connection string to --from or --to, or use --scratch local",
				"--scratch server needs a live database, and only files were given")
		}
		return openRemote(ctx, o.Target.Target)
	case Embedded:
		return openEmbedded(ctx, o)
	}
	if !pgdb.IsDSN(o.Mode) {
		return nil, problem.New("write auto, local, server, embedded or a connection string", "unknown scratch %q", o.Mode)
	}
	t, err := pgdb.Parse(o.Mode)
	if err != nil {
		return nil, err
	}
	return openRemote(ctx, t)
}

// openAuto prefers programs of this machine of the target's version, then a
// downloaded server. Without a target any version of this machine will do. It
// never makes databases on a server that was only named as a source.
func openAuto(ctx context.Context, o Options) (Server, error) {
	var tried []string
	s, err := openLocal(ctx, o)
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	tried = append(tried, fmt.Sprintf("local: %v", err))
	if s, err = openEmbedded(ctx, o); err == nil {
		return s, nil
	}
	tried = append(tried, fmt.Sprintf("embedded: %v", err))
	text := ""
	for i, t := range tried {
		if i > 0 {
			text += "; "
		}
		text += t
	}
	return nil, problem.New("install PostgreSQL's server programs, or use --scratch server or --scratch with a connection string",
		"there is no scratch database (%s)", text)
}

// versionText is 15.14 of 150014.
func versionText(version int) string {
	return fmt.Sprintf("%d.%d", version/10000, version%10000)
}
