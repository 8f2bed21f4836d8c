package tree

import "strings"

// IsPortable says that every system can have a file of that path. A project is
// checked out on others than the one that it was generated on.
func IsPortable(path string) bool {
	for _, name := range strings.Split(path, "/") {
		if IsDevice(name) || strings.ContainsAny(name, `<>:"|?*`) || strings.TrimRight(name, ". ") != name {
			return false
		}
	}
	return true
}

// IsDevice says that Windows takes a file's name for a device, whatever follows
// its first dot.
func IsDevice(name string) bool {
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	word, digit := base[:min(len(base), 3)], base[min(len(base), 3):]
	return (word == "com" || word == "lpt") && len(digit) == 1 && digit >= "0" && digit <= "9"
}
