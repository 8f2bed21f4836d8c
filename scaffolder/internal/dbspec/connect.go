package dbspec

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// connectTimeout is how long a connection may take where the connection string
// does not say: the driver by itself waits for ever.
const connectTimeout = 10 * time.Second

// connect opens the database that dsn names. Without a word about TLS the mode is
// prefer, as in libpq.
func connect(ctx context.Context, dsn string) (*sql.DB, error) {
	config, err := pq.NewConfig(socketURL(dsn))
	if err != nil {
		return nil, problem.New("write postgres://user:password@host:5432/database, with %-signs for odd characters of the password, or host=… dbname=… user=…",
			"cannot read the connection string %s", Shown(dsn))
	}
	if config.SSLMode == "" {
		config.SSLMode = pq.SSLModePrefer
	}
	if config.ConnectTimeout <= 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.ApplicationName == "" {
		config.ApplicationName = "scaffolder"
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, refused(dsn, config.Password, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, refused(dsn, config.Password, err)
	}
	return db, nil
}

// refused says why there is no connection, and what to do.
func refused(dsn, password string, err error) error {
	message, hint := strings.TrimPrefix(err.Error(), "pq: "), "is PostgreSQL running there? check host and port"
	var server *pq.Error
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &server):
		message, hint = server.Message, refusalHints[string(server.Code)]
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout():
		message, hint = "no answer in time", "check host, port and firewall; connect_timeout in the connection string sets the limit"
	case strings.Contains(message, "SSL is not enabled"):
		hint = "write sslmode=prefer or sslmode=disable"
	}
	for _, secret := range append(redact.Secrets(dsn), password) {
		if len(secret) > 2 {
			message = strings.ReplaceAll(message, secret, redact.Mask)
		}
	}
	return problem.Wrap(err, hint, "cannot connect to %s: %s", Shown(dsn), message)
}

var refusalHints = map[string]string{
	"28P01": "check the password: in the connection string, PGPASSWORD or ~/.pgpass",
	"28000": "check the user, and the server's pg_hba.conf",
	"3D000": "create the database first, or check its name",
	"53300": "the server has no free connection; try again, or raise max_connections",
	"57P03": "the server is starting up or shutting down; try again",
}

// Shown is a connection string as it may be printed: without its password, also
// where user:password@host stands without a scheme.
func Shown(dsn string) string {
	user := 0
	if i := strings.Index(dsn, "://"); i >= 0 {
		user = i + len("://")
	}
	colon, at := strings.IndexByte(dsn[user:], ':'), strings.LastIndexByte(dsn, '@')
	if colon >= 0 && user+colon < at {
		dsn = dsn[:user+colon+1] + redact.Mask + dsn[at:]
	}
	return redact.DSN(passwordOn.ReplaceAllString(dsn, "password="+redact.Mask))
}

// passwordOn is a password by its key, with all that follows: it may hold blanks.
var passwordOn = regexp.MustCompile(`(?is)password\s*=.*`)

// socketURL rewrites postgres://%2Ftmp/db, which libpq understands and the driver
// does not, to postgres:///db?host=/tmp.
func socketURL(dsn string) string {
	m := socketHost.FindStringSubmatch(dsn)
	if m == nil {
		return dsn
	}
	host, err := url.PathUnescape(m[2])
	if err != nil {
		return dsn
	}
	out := m[1] + m[3] + "?host=" + url.QueryEscape(host)
	if m[4] != "" {
		out += "&" + m[4][1:]
	}
	return out
}

var socketHost = regexp.MustCompile(`^(?i)(postgres(?:ql)?://(?:[^@/?]*@)?)(%2f[^/:?]*)(/[^?]*)?(\?.*)?$`)
