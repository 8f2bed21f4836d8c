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

func FuzzSlow(f *testing.F) {
	f.Add(`^(?<n>[^\d-z]+|\u{41}{2,})*?$`)
	f.Fuzz(func(_ *testing.T, source string) { Slow(source) })
}
