package schema

import (
	"math/big"
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// sample is a text of a format that people know.
func sample(format string) string {
	switch format {
	case "date-time":
		return "2026-03-01T10:00:00Z"
	case "date":
		return "2026-03-01"
	case "time":
		return "10:00:00Z"
	case "duration":
		return "P1D"
	case "email", "idn-email":
		return "someone@example.com"
	case "hostname", "idn-hostname":
		return "example.com"
	case "ipv4", "ip":
		return "192.0.2.1"
	case "ipv6":
		return "2001:db8::1"
	case "uri", "url", "iri", "uri-reference", "iri-reference", "uri-template":
		return "https://example.com/"
	case "uuid":
		return "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	case "byte", "base64":
		return "dGV4dA=="
	case "json-pointer":
		return "/a"
	case "relative-json-pointer":
		return "0"
	case "regex":
		return "^a+$"
	case "password":
		return "correct-Horse-4-battery"
	}
	return ""
}

// unlike is a text that has not the format; "" where none can be told.
func unlike(format string) string {
	switch format {
	case "date-time", "date", "time", "duration", "email", "ipv4", "ipv6", "uuid":
		return "not-a-" + format
	case "uri":
		return "not a uri"
	}
	return ""
}

// form is a format that a regular expression tells.
type form string

const (
	uuidForm     form = `(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`
	uriForm      form = `^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]+$`
	durationForm form = `^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)$`
	hostForm     form = `(?i)^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`
	base64Form   form = `^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`
	timeForm     form = `(?i)^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]\d\d:\d\d)$`
)

func (f form) matches(v string) bool { return regexp.MustCompile(string(f)).MatchString(v) }

// formatFits judges the formats that servers check. A strict one is narrower
// than the standards where servers differ: dots in a mail's domain.
func formatFits(format, v string, how Strictness) bool {
	switch format {
	case "date-time":
		_, err := time.Parse(time.RFC3339Nano, strings.ToUpper(v))
		return err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, v)
		return err == nil
	case "time":
		return timeForm.matches(v)
	case "duration":
		return durationForm.matches(v) && len(v) > 1 && !strings.HasSuffix(v, "T")
	case "email":
		if how == Lenient {
			return strings.Contains(v, "@")
		}
		a, err := mail.ParseAddress(v)
		return err == nil && a.Address == v && strings.Contains(v[strings.LastIndex(v, "@"):], ".")
	case "uuid":
		return uuidForm.matches(v)
	case "ipv4", "ipv6":
		a, err := netip.ParseAddr(v)
		return err == nil && a.Zone() == "" && a.Is4() == (format == "ipv4")
	case "uri":
		return uriForm.matches(v)
	case "hostname":
		return how == Lenient || hostForm.matches(v)
	case "byte":
		return how == Lenient || base64Form.matches(v)
	case "json-pointer":
		return how == Lenient || v == "" || strings.HasPrefix(v, "/")
	case "uri-reference", "uri-template":
		return how == Lenient || !strings.ContainsAny(v, " <>\"\\^`|")
	}
	return true
}

// formatRange is what whole numbers of OpenAPI's formats can be.
func formatRange(format string) (low, high *big.Rat, ok bool) {
	bits := uint(0)
	switch format {
	case "int32":
		bits = 31
	case "int64":
		bits = 63
	default:
		return nil, nil, false
	}
	limit := new(big.Int).Lsh(big.NewInt(1), bits)
	high = new(big.Rat).SetInt(new(big.Int).Sub(limit, big.NewInt(1)))
	return new(big.Rat).SetInt(new(big.Int).Neg(limit)), high, true
}

func quotient(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }
