package redact

import "strings"

// secretWords are parts of the names of parameters, headers and keys whose
// values are secrets.
var secretWords = []string{
	"password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey",
	"privatekey", "credential", "authorization", "cookie", "signature", "session", "bearer",
}

// secretNames are whole names that are too short to look for inside others.
var secretNames = []string{"auth", "xauth", "key", "xkey", "sig", "pass", "pw", "jwt", "code", "sid"}

// Name says whether a parameter, header or key of this name holds a secret:
// password, api_key, X-Amz-Signature.
func Name(name string) bool {
	flat := flatten(name)
	for _, n := range secretNames {
		if flat == n {
			return true
		}
	}
	for _, w := range secretWords {
		if strings.Contains(flat, w) {
			return true
		}
	}
	return false
}

// flatten writes apiKey, api_key and API-Key the same way.
func flatten(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '-', '_', '.', ' ':
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// Header is the value of a header as it may be shown. The scheme of an
// Authorization header stays: "Bearer ***".
func Header(name, value string) string {
	if !Name(name) || value == "" {
		return value
	}
	if scheme, rest, ok := strings.Cut(value, " "); ok && rest != "" && strings.HasSuffix(strings.ToLower(name), "authorization") {
		return scheme + " " + Mask
	}
	return Mask
}
