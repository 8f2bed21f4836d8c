package pattern

import (
	"regexp"
	"testing"
)

func TestSlow(t *testing.T) {
	for _, source := range []string{
		`(a+)+$`, `^(a*)*$`, `^([a-zA-Z0-9]+)*$`, `(a|a)*b`, `(\w|\d)+$`, `(.|[^b])*x`, `^((a+)b?)+$`,
		`([a-z]+-?)+$`, `^(\s*\w*)*$`, `(?:x+x+)+y`, `^(([^:]+:?)+)$`, `(a{1,})+$`, `(a+){20}$`, `((a+))+$`, `(a+?)+?$`,
		`^(?<name>\w+\s?)*$`, `^(\d+)*\.(\d+)$`, `([\w.]+)+@`, `(\u0061+)+$`, `(\p{L}+)+$`,
		`^(a|aa)+$`, `^(a|b|ab)*$`, `^(?=(a+)+$)`, `^(.*?,){11}P`, `(x+x+)+y`, `^(?:a{1,20}){1,20}$`, `^(a?){30}a{30}$`, `(?:(?:a*)*)*b`, `^[^\s@]+@[^\s@]+\.[^\s@]+$`,
		`^((a|b)*c?)*$`, `^(\d+|\d+x)*$`, `^(?<q>a+)\k<q>*$`, `^(\u00e9|é)+$`, `^(a|\u{61})+$`,
		// by a power of the length
		`^a*a*a*a*a*a*a*a*$`, `^\S+@\S+\.\S+$`, `\s+$`, `^.*=.*;.*$`, `^https?://.*/.*\.(png|jpg)$`, `([a-z]+)@`, `(.*a){25}$`, `a+$`, `\d+\.$`,
		`(?=.*x)y`,
	} {
		if !Slow(source) {
			t.Errorf("%s is slow", source)
		}
	}
	for _, source := range []string{
		``, `a+`, `([a-z]+-?)+`, `(a+){20}`, `^[a-z]{1,63}(\.[a-z]{1,63})*$`, `^(?=.*[A-Z])(?=.*\d).{8,}$`, `^\s*\S`, `^(?:.|\n)+?z$`, `^[^@]+@[^@]+$`, `^[^@\s]+@[a-z]+(\.[a-z]+)+$`, `^[a-z]+$`, `^\d{3}-\d{4}$`, `^(\.[a-z]+)*$`, `^([a-z]+\.)*[a-z]+$`, `^[a-z]+(-[a-z]+)*$`, `(foo|bar)*`,
		`^(\d+,)*\d+$`, `^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$`, `^(?:[01]\d|2[0-3]):[0-5]\d$`, `^([^"]|"[^"]*")*$`, `^(?!x)(?=.*y).+$`,
		`(\w+\s)*`, `a{2}{`, `x{a}`, `(a`, `a)`, `[a`, `*`, `\`, `^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*x$`,
		`[\w-]+`, `(\r\n|\n)*`, `^arn:aws(-[\w]+)*:[a-z0-9-]+:[0-9]{12}$`,
	} {
		if Slow(source) {
			t.Errorf("%s is not slow", source)
		}
	}
}

func TestBroken(t *testing.T) {
	for source, want := range map[string]string{
		`(a`: "a group is not closed", `(a))`: "a bracket closes what is not open", `[a`: "a set of characters is not closed", `[a\]`: "a set of characters is not closed",
		`a\`: "it ends with a backslash", `*a`: "it repeats what cannot be repeated", `a++`: "it repeats what cannot be repeated", `(+)`: "it repeats what cannot be repeated",
		`a|?b`: "it repeats what cannot be repeated", `^*`: "it repeats what cannot be repeated", `{2}`: "it repeats what cannot be repeated", `a{2}{3}`: "it repeats what cannot be repeated",
		`a{3,2}`: "its bounds are not in order", `(?i)abc`: "JavaScript has no group (?i)", `(?>a)`: "JavaScript has no group (?>a", `(?P<n>a)`: "JavaScript has no group (?P<",
	} {
		if got := Broken(source); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
	for _, source := range []string{
		``, `a`, `a]`, `a{`, `a}`, `{`, `{a}`, `a{,3}`, `a{2,}?`, `a*?`, `[]]?`, `[(]`, `\(`, `\[`, `[^\]]+`, `(?:a)+`, `(?=a)b`, `(?<!a)b`, `(?<n>a)\k<n>`, `\p{L}+`, `a|`, `|a`, `()`, `^$`, `\\`,
	} {
		if why := Broken(source); why != "" {
			t.Errorf("%s: %s", source, why)
		}
	}
}

// What RE2 is asked is what the pattern says, as far as Go's RE2 and its own syntax agree.
func TestLinear(t *testing.T) {
	texts := []string{"", "a", "aa!", "A1aaaaaaa", "x y", "a@b.c", "é1", "-", "aXb", "..", "\u2028", "ab\n"}
	for source, want := range map[string]bool{
		`^(a+)+$`: true, `^\S+@\S+\.\S+$`: true, `^(\w+\s?)*$`: true, `(.*a){25}$`: true, `^([^\d-]|[\w.-]+)*$`: true, `(\p{L}+)+$`: true, `^(é|[à-ü]+)+$`: true,
		`^(?=.*\d)(?=(a+)+$)a`: true, `^(?!(a+)+$)(?=.*\d).*`: true, `^(a+)+(?=b)$`: false, `^(?<q>a+)\k<q>*$`: false, `(?<=(a+)+)b`: false, `^(a{0,2000}a*)+$`: false, `^(\p{Emoji}+)+$`: false,
	} {
		v := Judge(source)
		if !v.Slow || (v.Linear != nil) != want {
			t.Errorf("%s: %+v", source, v)
			continue
		}
		own, err := regexp.Compile(source)
		if err != nil {
			continue // it has what only JavaScript has
		}
		for _, text := range texts {
			got := true
			for _, part := range v.Linear {
				got = got && regexp.MustCompile(part.Source).MatchString(text) != part.Not
			}
			if want && got != own.MatchString(text) {
				t.Errorf("%s on %q: %v by %v", source, text, got, v.Linear)
			}
		}
	}
}

func FuzzSlow(f *testing.F) {
	f.Add(`^(?<n>[^\d-z]+|\u{41}{2,})*?$`)
	f.Fuzz(func(_ *testing.T, source string) { Slow(source); Broken(source) })
}
