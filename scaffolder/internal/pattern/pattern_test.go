package pattern

import "testing"

func TestSlow(t *testing.T) {
	for _, source := range []string{
		`(a+)+$`, `^(a*)*$`, `^([a-zA-Z0-9]+)*$`, `(a|a)*b`, `(\w|\d)+$`, `(.|[^b])*x`, `^((a+)b?)+$`,
		`([a-z]+-?)+`, `^(\s*\w*)*$`, `(?:x+x+)+y`, `^(([^:]+:?)+)$`, `(a{1,})+`, `(a+){20}`, `((a+))+`, `(a+?)+?$`,
		`^(?<name>\w+\s?)*$`, `^(\d+)*\.(\d+)$`, `([\w.]+)+@`, `(\u0061+)+`, `(\p{L}+)+`,
	} {
		if !Slow(source) {
			t.Errorf("%s is slow", source)
		}
	}
	for _, source := range []string{
		``, `a+`, `^[a-z]+$`, `^\d{3}-\d{4}$`, `^(\.[a-z]+)*$`, `^([a-z]+\.)*[a-z]+$`, `^[a-z]+(-[a-z]+)*$`, `(foo|bar)*`,
		`^(\d+,)*\d+$`, `^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$`, `^(?:[01]\d|2[0-3]):[0-5]\d$`, `(a+){3}`, `^(?!x)(?=.*y).+$`,
		`^[^\s@]+@[^\s@]+\.[^\s@]+$`, `(\w+\s)*`, `a{2}{`, `x{a}`, `(a`, `a)`, `[a`, `*`, `\`, `^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*x$`,
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

func FuzzSlow(f *testing.F) {
	f.Add(`^(?<n>[^\d-z]+|\u{41}{2,})*?$`)
	f.Fuzz(func(_ *testing.T, source string) { Slow(source); Broken(source) })
}
