package spec

import "strings"

// nearest is the reference in f that is spelled most like ref, among those in
// the same mapping; "" where none is near.
func nearest(f *file, ref string) string {
	_, fragment, ok := strings.Cut(ref, "#/")
	if !ok {
		return ""
	}
	cut := strings.LastIndexByte(fragment, '/')
	if cut < 0 {
		return ""
	}
	n := node{f.root, f}
	for _, segment := range strings.Split(fragment[:cut], "/") {
		n = n.get(unescapePointer(segment))
	}
	var names []string
	for _, p := range n.pairs() {
		names = append(names, p.name)
	}
	if name := similar(unescapePointer(fragment[cut+1:]), names); name != "" {
		return "#/" + fragment[:cut+1] + name
	}
	return ""
}

func unescapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// similar is the candidate that is spelled most like s: at most a third of it
// differs; "" where none is.
func similar(s string, candidates []string) string {
	best, distance := "", len(s)/3+1
	for _, c := range candidates {
		if strings.EqualFold(c, s) {
			return c
		}
		if d := editDistance(s, c, distance); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// editDistance counts the letters to add, drop or change; it gives limit where
// there are as many or more.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return min(row[len(b)], limit)
}
