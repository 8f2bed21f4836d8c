package pgdb

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// connectTimeout is how long a connection may take where nothing else is said:
// the driver by itself waits for ever.
const connectTimeout = 10 * time.Second

// Target is a database on a server, as a connection string and the environment
// (PGHOST, PGPASSWORD, pgpass, service files) name it.
type Target struct {
	config pq.Config
	dsn    string
}

// IsDSN says whether a word on the command line is a connection string and no
// path: postgres://…, or key=value pairs of libpq.
func IsDSN(word string) bool {
	lower := strings.ToLower(word)
	if strings.HasPrefix(lower, "postgres://") || strings.HasPrefix(lower, "postgresql://") {
		return true
	}
	return keyValue.MatchString(word)
}

var keyValue = regexp.MustCompile(`(?:^|\s)(?:host|hostaddr|port|dbname|user|password|service|sslmode|options|passfile)\s*=`)

// Parse reads a connection string. Without a word about TLS the mode is prefer,
// as in libpq.
func Parse(dsn string) (*Target, error) {
	config, err := pq.NewConfig(socketURL(dsn))
	if err != nil {
		return nil, malformed(dsn, err)
	}
	if config.SSLMode == "" {
		config.SSLMode = pq.SSLModePrefer
	}
	if config.ConnectTimeout <= 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.ApplicationName == "" {
		config.ApplicationName = "migrator"
	}
	if config.Database == "" {
		config.Database = config.User
	}
	return &Target{config: config, dsn: dsn}, nil
}

// malformed is a connection string that cannot be read. The parser's message
// quotes what it stumbled over, which may be a piece of a password: only the
// kind of error is told.
func malformed(dsn string, err error) error {
	reason := strings.TrimPrefix(err.Error(), "pq: ")
	switch {
	case strings.HasPrefix(reason, "environment variable $") || strings.HasPrefix(reason, "wrong value for $"):
	case strings.Contains(dsn, "://"):
		reason = urlReason(reason)
	default:
		reason = "it is no list of key=value pairs"
	}
	return problem.Wrap(err, "write postgres://user:password@host:5432/database, with %-signs for odd characters of the password, or host=… dbname=… user=…",
		"cannot read the connection string %s: %s", redact.Word(dsn), reason)
}

func urlReason(reason string) string {
	for _, known := range []string{
		"invalid port", "invalid URL escape", "missing ']' in host", "invalid userinfo",
		"invalid character in host name", "invalid control character in URL", "invalid sslmode",
	} {
		if strings.Contains(reason, known) {
			return known
		}
	}
	return "it is no URL"
}

// socketURL rewrites postgres://%2Ftmp/db, which libpq understands and the
// driver does not, to postgres:///db?host=/tmp.
func socketURL(dsn string) string {
	m := socketHost.FindStringSubmatch(dsn)
	if m == nil {
		return dsn
	}
	host, err := url.PathUnescape(m[3])
	if err != nil {
		return dsn
	}
	q := "host=" + url.QueryEscape(host)
	if m[4] != "" {
		q += "&port=" + m[4][1:]
	}
	if m[6] != "" {
		q += "&" + m[6][1:]
	}
	return m[1] + m[2] + m[5] + "?" + q
}

var socketHost = regexp.MustCompile(`^(?i)(postgres(?:ql)?://)((?:[^@/?]*@)?)(%2f[^/:?]*)(:[0-9]+)?(/[^?]*)?(\?.*)?$`)

// String is the target without its password: what may be printed.
func (t *Target) String() string { return redact.Word(t.dsn) }

// Secrets are the passwords that must never be printed.
func (t *Target) Secrets() []string {
	return append(redact.Secrets(t.dsn), t.config.Password)
}

// Database is the name of the database.
func (t *Target) Database() string { return t.config.Database }

// User is the role that connects.
func (t *Target) User() string { return t.config.User }

// Address is host:port, or the path of a socket.
func (t *Target) Address() string {
	if strings.HasPrefix(t.config.Host, "/") || strings.HasPrefix(t.config.Host, "@") {
		return filepath.Join(t.config.Host, ".s.PGSQL."+strconv.Itoa(int(t.config.Port)))
	}
	host := t.config.Host
	if t.config.Hostaddr.IsValid() {
		host = t.config.Hostaddr.String()
	}
	return host + ":" + strconv.Itoa(int(t.config.Port))
}

// With is the same server with another database.
func (t *Target) With(database string) *Target {
	other := Target{config: t.config.Clone(), dsn: t.dsn}
	other.config.Database = database
	return &other
}

// Socket is a target on a unix socket in dir, for a server of our own.
func Socket(dir string, port int, user, database string) *Target {
	return &Target{
		config: pq.Config{
			Host: dir, Port: uint16(port), User: user, Database: database, SSLMode: pq.SSLModeDisable,
			ConnectTimeout: connectTimeout, ApplicationName: "migrator",
			ClientEncoding: "UTF8", Datestyle: "ISO, MDY", MinProtocolVersion: "3.0", MaxProtocolVersion: "3.0",
		},
		dsn: "postgres:///" + database + "?host=" + dir,
	}
}

// As is the same database for another role, without a password.
func (t *Target) As(role string) *Target {
	other := Target{config: t.config.Clone(), dsn: t.dsn}
	other.config.User, other.config.Password = role, ""
	return &other
}

// Login is the same database for another role with its password.
func (t *Target) Login(role, password string) *Target {
	other := t.As(role)
	other.config.Password = password
	return other
}

// URL is the target as a connection string for other programs, WITH its
// password.
func (t *Target) URL() string {
	u := url.URL{Scheme: "postgres", User: url.User(t.config.User), Path: "/" + t.config.Database}
	if t.config.Password != "" {
		u.User = url.UserPassword(t.config.User, t.config.Password)
	}
	q := url.Values{}
	if strings.HasPrefix(t.config.Host, "/") || strings.HasPrefix(t.config.Host, "@") {
		q.Set("host", t.config.Host)
		q.Set("port", strconv.Itoa(int(t.config.Port)))
	} else {
		u.Host = t.Address()
		q.Set("sslmode", string(t.config.SSLMode))
	}
	u.RawQuery = q.Encode()
	return u.String()
}
