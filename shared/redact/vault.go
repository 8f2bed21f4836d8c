package redact

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shortest is the length from which on a secret is looked for in other texts: a
// shorter one would hide half of what is said.
const shortest = 4

// Vault holds the secrets that one invocation of a tool knows of, from its
// command line, its environment and its files, and hides them in whatever it
// says, however they are written there: as they are, quoted, percent-encoded or
// in base64. The zero value and nil hold none; both hide what looks like a
// secret all the same. It may be used from many goroutines.
type Vault struct {
	mu    sync.Mutex
	known []string
}

// NewVault collects what may be secrets in a command line and in an environment
// (KEY=value, as os.Environ has it). owner is the prefix of the tool's own
// variables, such as MIGRATOR_: these are read like words of the command line.
func NewVault(args, environ []string, owner string) *Vault {
	v := &Vault{}
	for i, arg := range args {
		v.AddWord(arg)
		if i > 0 && strings.HasPrefix(args[i-1], "-") && !strings.Contains(args[i-1], "=") {
			v.addOption(strings.TrimLeft(args[i-1], "-"), arg)
		}
	}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case strings.HasPrefix(name, owner) && owner != "", strings.HasSuffix(name, "DATABASE_URL"), strings.HasSuffix(strings.ToLower(name), "_proxy"):
			v.AddWord(value)
		case secretVariable(name):
			v.Add(value)
		}
	}
	return v
}

// addOption takes the value of an option whose name says that it is a secret:
// --token X, and curl's -u user:password in a command.
func (v *Vault) addOption(name, value string) {
	switch {
	case name == "u" || name == "user" || name == "proxy-user" || name == "U":
		if _, password, ok := strings.Cut(value, ":"); ok {
			v.Add(password)
		}
	case Name(name) && !strings.HasPrefix(value, "-"):
		v.Add(value)
	}
}

// secretVariable is a variable of the environment that holds a secret, and not
// the place of one. PWD is a folder.
func secretVariable(name string) bool {
	upper := strings.ToUpper(name)
	for _, place := range []string{"FILE", "PATH", "DIR", "SOCK", "URL", "TYPE", "ID", "HOST"} {
		if strings.HasSuffix(upper, place) {
			return false
		}
	}
	for _, word := range []string{"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIAL"} {
		if strings.Contains(upper, word) {
			return true
		}
	}
	return false
}

// AddWord adds what may be a secret in a word of a command line.
func (v *Vault) AddWord(word string) {
	if strings.HasPrefix(word, "-") {
		v.AddWord(strings.TrimLeft(word, "-"))
	}
	spans := merge(wordSpans(word))
	rest := strings.ToLower(mask(word, spans))
	for _, s := range spans {
		secret := word[s.from:s.to]
		v.addPart(secret, rest)
		v.addPart(strings.Trim(secret, " \t\r\n\"'"), rest)
		for _, part := range strings.FieldsFunc(escape.ReplaceAllString(secret, " "), func(r rune) bool { return strings.ContainsRune(" \t\r\n\"':/?#@&=;,{}[]()<>\\", r) }) {
			if len(part) >= 6 {
				v.addPart(part, rest)
			}
		}
	}
}

// escape is a percent sign with what may belong to it: what stands behind it may
// be quoted alone.
var escape = regexp.MustCompile(`%[0-9A-Za-z]{2}`)

// addPart adds a secret unless the word says the same elsewhere in the open:
// hiding postgres in postgres://postgres:postgres@h would tell the password.
func (v *Vault) addPart(secret, rest string) {
	if !strings.Contains(rest, strings.ToLower(secret)) {
		v.Add(secret)
	}
}

// Add adds secrets as they are, with every form in which they may be written.
// Those of fewer than four bytes are left out.
func (v *Vault) Add(secrets ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, secret := range secrets {
		if len(secret) < shortest || secret == Mask {
			continue
		}
		v.known = append(v.known, written(secret)...)
		if decoded, err := url.PathUnescape(secret); err == nil && decoded != secret && len(decoded) >= shortest {
			v.known = append(v.known, written(decoded)...)
		}
	}
	// Longest first: a secret may hold another.
	slices.SortFunc(v.known, func(a, b string) int { return len(b) - len(a) })
	v.known = slices.Compact(v.known)
}

// written are the forms in which a message may show a secret.
func written(secret string) []string {
	quoted := strconv.Quote(secret)
	asJSON, _ := json.Marshal(secret) // a string cannot fail
	forms := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		quoted[1 : len(quoted)-1], string(asJSON[1 : len(asJSON)-1]),
		strings.ReplaceAll(secret, "'", "''"), strings.Join(strings.Fields(secret), " "),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}
	slices.Sort(forms)
	return slices.DeleteFunc(slices.Compact(forms), func(s string) bool { return len(s) < shortest })
}

// Hide takes the known secrets out of a text, and what looks like one.
func (v *Vault) Hide(text string) string {
	if v != nil {
		v.mu.Lock()
		for _, secret := range v.known {
			text = strings.ReplaceAll(text, secret, Mask)
		}
		v.mu.Unlock()
	}
	return Text(text)
}

// Writer takes the known secrets out of a stream, also those that become known
// later. Flush it at the end.
func (v *Vault) Writer(w io.Writer) *VaultWriter { return &VaultWriter{vault: v, out: NewWriter(w)} }

// VaultWriter is the Writer of a Vault. It may be used from many goroutines.
type VaultWriter struct {
	vault *Vault
	mu    sync.Mutex
	out   *Writer
	known int
}

// Write implements io.Writer.
func (w *VaultWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.vault.mu.Lock()
	if len(w.vault.known) != w.known {
		w.known = len(w.vault.known)
		w.out.secrets = usable(w.vault.known)
	}
	w.vault.mu.Unlock()
	return w.out.Write(p)
}

// Flush writes what was held back as the beginning of a secret.
func (w *VaultWriter) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Flush()
}

// Unwrap is the stream below, for those who ask whether it is a terminal.
func (w *VaultWriter) Unwrap() io.Writer { return w.out.w }
