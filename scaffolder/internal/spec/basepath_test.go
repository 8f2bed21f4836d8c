package spec

import "testing"

func TestBasePath(t *testing.T) {
	for address, want := range map[string]string{
		"":                            "",
		"/":                           "",
		"https://example.com":         "",
		"https://example.com/v1/":     "/v1",
		"/api/v1":                     "/api/v1",
		"api":                         "/api",
		"https://e.com/a b/ü":         "/a%20b/%C3%BC",
		"https://e.com/`; x('); `":    "/%60;%20x%28%27%29;%20%60",
		"https://e.com/${x}":          "",
		"https://{host}/v1":           "/v1",
		"https://e.com/{v}/x":         "",
		"://":                         "",
		"https://e.com/a\\b\"c\nd<e>": "",
	} {
		if got := BasePath(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
