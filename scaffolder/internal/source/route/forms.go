package route

// Forms are the full paths, as OpenAPI writes them, of a route that is registered under
// one of the last paths, in routers that are mounted under one of each of those before.
// unclear are the regular expressions that no path of OpenAPI stands for.
func Forms(d Dialect, steps [][]Path) (paths, unclear []string) {
	full := []Pattern{nil}
	for _, step := range steps {
		var here []Pattern
		for _, p := range step {
			if p.RegExp == nil {
				here = append(here, parsePath(d, p.Text)...)
			} else if pattern, ok := parseRegExp(p.RegExp); ok {
				here = append(here, pattern)
			} else {
				unclear = append(unclear, "/"+p.RegExp.Pattern+"/")
			}
		}
		full = joinAll(full, here)
	}
	for _, p := range full {
		path := p.String()
		if d != Fastify {
			path = trimSlash(path)
		}
		paths = append(paths, path)
	}
	return paths, unclear
}
