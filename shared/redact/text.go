package redact

import "regexp"

// Text hides what looks like a secret in a message: user information in front
// of an at-sign, values behind the name of a secret, tokens of well known forms.
// A message is prose, so that it hides less than Word does; what the command
// line is known to hold, a Vault hides.
func Text(message string) string {
	message = quotation.ReplaceAllStringFunc(message, func(found string) string { return `"` + Word(found[1:len(found)-1]) + `"` })
	message = userInformation.ReplaceAllStringFunc(message, func(found string) string {
		m := userInformation.FindStringSubmatch(found)
		if portAndPath.MatchString(m[2]) {
			return found
		}
		return m[1] + ":" + Mask + "@" + m[3]
	})
	for _, f := range forms {
		message = f.find.ReplaceAllString(message, f.shown)
	}
	return message
}

// quotation is what a message quotes: a line of somebody's file, a word that was
// not understood. It is read like a word of a command line.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// userInformation is user:password@host, with or without a scheme; the password
// is what stands before the last at-sign without a blank between.
var userInformation = regexp.MustCompile(`([A-Za-z0-9_.%+-]*):([^\s:@/"'][^\s"']*)@([A-Za-z0-9_.\[%-])`)

// portAndPath is what stands before an at-sign in http://host:3000/a@b.
var portAndPath = regexp.MustCompile(`^[0-9]{1,5}/`)

var forms = []struct {
	find  *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`(?i)\b((?:[a-z0-9]+[_.-]?)*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key))(["']?=["']?)([^\s"'&;,]+)`), "$1$2" + Mask},
	{regexp.MustCompile(`(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?api[_-]key|[a-z-]*password)(["']?\s*:\s*["']?)((?:bearer|basic|digest|token)\s+)?([^\s"',;]+)`), "$1$2$3" + Mask},
	{regexp.MustCompile(`(?i)\b((?:proxy-)?authorization\s+(?:bearer|basic|digest|token)\s+)(\S+)`), "$1" + Mask},
	{regexp.MustCompile(`\b(Bearer|Basic)\s+([A-Za-z0-9._~+/=-]*[0-9][A-Za-z0-9._~+/=-]*)`), "$1 " + Mask},
	{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*`), Mask},
	{regexp.MustCompile(`\b(?:gh[pousr]_|github_pat_|sk_live_|sk_test_|xox[abprs]-|AKIA|glpat-)[A-Za-z0-9_-]{8,}`), Mask},
}
