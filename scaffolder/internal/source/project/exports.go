package project

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
)

// conditions of exports and imports, best first: a source is better than what was
// built from it. "types" is a last resort: src/index.ts stands there sometimes.
func conditions() []string {
	return []string{"source", "@source", "ts", "typescript", "development", "bun", "import", "module", "node", "require", "default", "types"}
}

// packageFile is the file of a workspace package that a subpath ("." or "./x")
// means; "" where it has none.
func (p *Project) packageFile(dir, sub string) string {
	m := p.manifestIn(dir)
	if m != nil && len(m.Exports) > 0 {
		for _, target := range targets(m.Exports, sub) {
			if file := p.target(dir, target); file != "" {
				return file
			}
		}
	}
	if sub != "." {
		path := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(sub, "./")))
		if file := p.File(path); file != "" {
			return file
		}
		if file := p.unbuilt(path); file != "" {
			return file
		}
		return p.File(filepath.Join(dir, "src", filepath.FromSlash(strings.TrimPrefix(sub, "./"))))
	}
	if file := p.inDirectory(dir); file != "" {
		return file
	}
	return p.inDirectory(filepath.Join(dir, "src"))
}

// subpathImport resolves "#name" by the imports of the nearest manifest.
func (p *Project) subpathImport(dir, specifier string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if m := p.manifestIn(at); m != nil && len(m.Imports) > 0 {
			for _, target := range targets(m.Imports, specifier) {
				if file := p.target(at, target); file != "" {
					return file
				}
				if !strings.HasPrefix(target, ".") { // another package of the workspace
					if r := p.bare(at, target); r.Kind == Source {
						return r.File
					}
				}
			}
		}
		if at == filepath.Dir(at) || at == p.Root {
			return ""
		}
	}
}

func (p *Project) target(dir, target string) string {
	if !strings.HasPrefix(target, ".") || strings.HasSuffix(target, ".d.ts") {
		return ""
	}
	path := filepath.Join(dir, filepath.FromSlash(target))
	if file := p.File(path); file != "" {
		return file
	}
	return p.unbuilt(path)
}

// targets are what a map of exports or imports gives for a key, best condition
// first, a star filled in.
func targets(raw json.RawMessage, key string) []string {
	var byKey map[string]json.RawMessage
	if json.Unmarshal(raw, &byKey) != nil || !anyPrefix(byKey, ".", "#") {
		if key == "." {
			return flatten(raw, "")
		}
		return nil
	}
	if exact, ok := byKey[key]; ok {
		return flatten(exact, "")
	}
	best := ""
	for pattern := range byKey {
		prefix, suffix, star := strings.Cut(pattern, "*")
		if star && strings.HasPrefix(key, prefix) && strings.HasSuffix(key, suffix) &&
			len(key) >= len(prefix)+len(suffix) && len(pattern) > len(best) {
			best = pattern
		}
	}
	if best == "" {
		return nil
	}
	prefix, suffix, _ := strings.Cut(best, "*")
	return flatten(byKey[best], key[len(prefix):len(key)-len(suffix)])
}

func anyPrefix(m map[string]json.RawMessage, prefixes ...string) bool {
	for key := range m {
		for _, p := range prefixes {
			if strings.HasPrefix(key, p) {
				return true
			}
		}
	}
	return false
}

// flatten lists the targets below conditions and alternatives.
func flatten(raw json.RawMessage, star string) []string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []string{strings.ReplaceAll(text, "*", star)}
	}
	var list []json.RawMessage
	var out []string
	if json.Unmarshal(raw, &list) == nil {
		for _, one := range list {
			out = append(out, flatten(one, star)...)
		}
		return out
	}
	var byCondition map[string]json.RawMessage
	if json.Unmarshal(raw, &byCondition) != nil {
		return nil
	}
	for _, c := range conditions() {
		if one, ok := byCondition[c]; ok {
			out = append(out, flatten(one, star)...)
		}
	}
	return out
}

// objectKeys are the keys of a JSON object, in order.
func objectKeys(raw json.RawMessage) []string {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var keys []string
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return keys
		}
		keys = append(keys, key)
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return keys
		}
	}
	return keys
}
