package target

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Recording is what an importer of recorded requests found.
type Recording struct {
	Specs   []Spec         // in the order of their times, which begin at 0
	Skipped map[string]int // what was left out, by why
	Lines   int            // lines that hold no request that could be read
	First   int            // the first of them
}

// SkipLines counts lines that are not understood, with the number of the first.
func (r *Recording) SkipLines(n, first int) { r.Lines, r.First = n, first }

// LeftOut is how many requests and lines were left out.
func (r *Recording) LeftOut() int {
	n := r.Lines
	for _, some := range r.Skipped {
		n += some
	}
	return n
}

// Skip counts one request that is left out.
func (r *Recording) Skip(why string) {
	if r.Skipped == nil {
		r.Skipped = map[string]int{}
	}
	r.Skipped[why]++
}

// Left says in one line what was left out; empty: nothing.
func (r *Recording) Left() string {
	var parts []string
	for why, n := range r.Skipped {
		parts = append(parts, fmt.Sprintf("%d %s", n, why))
	}
	if r.Lines > 0 {
		parts = append(parts, fmt.Sprintf("%d without a request (the first is line %d)", r.Lines, r.First))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// Settle puts the requests in the order of their times and lets these begin at
// 0. Times of whole seconds, as most logs have, are spread evenly over their
// second: requests do not come in bursts because a clock is coarse.
func (r *Recording) Settle() {
	specs := r.Specs
	if len(specs) == 0 {
		return
	}
	slices.SortStableFunc(specs, func(a, b Spec) int { return cmp.Compare(a.At, b.At) })
	start := specs[0].At
	whole := true
	for i := range specs {
		specs[i].At -= start
		whole = whole && specs[i].At%time.Second == 0
	}
	if !whole {
		return
	}
	for i := 0; i < len(specs); {
		j := i
		for j < len(specs) && specs[j].At == specs[i].At {
			j++
		}
		for k := i + 1; k < j; k++ {
			specs[k].At += time.Second * time.Duration(k-i) / time.Duration(j-i)
		}
		i = j
	}
}

// Rebase sends a recorded URL to another server: scheme and authority of base,
// path and query of raw, below base's path.
func Rebase(raw, base string) string {
	if base == "" {
		return raw
	}
	_, path := splitURL(raw)
	if strings.HasPrefix(raw, "/") {
		path, _, _ = strings.Cut(raw, "#")
	}
	root, prefix := splitURL(base)
	prefix, _, _ = strings.Cut(prefix, "?")
	return root + strings.TrimSuffix(prefix, "/") + path
}

// HostOf is the host and port of a URL as it is written, in lower case; empty
// for what is not http or https.
func HostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return strings.ToLower(u.Host)
}

// key tells equal requests of a recording.
func (s *Spec) key() string {
	var b strings.Builder
	b.WriteString(s.Method)
	b.WriteByte(0)
	b.WriteString(s.URL)
	for _, f := range s.Header {
		b.WriteString("\x00" + f.Name + "\x00" + f.Value)
	}
	b.WriteByte(0)
	b.Write(s.Body)
	return b.String()
}
