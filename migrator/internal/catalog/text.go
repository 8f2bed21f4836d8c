package catalog

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// trimQuery takes what pg_get_viewdef adds around a query away.
func trimQuery(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), ";") }

func numbers(l []string) []uint32 {
	ns := make([]uint32, len(l))
	for i, s := range l {
		n, _ := strconv.ParseUint(s, 10, 32) // the server printed it from an oid
		ns[i] = uint32(n)
	}
	return ns
}

// ints is a Scan destination for to_json(int2[]).
type ints []int

// Scan reads a JSON array of numbers.
func (l *ints) Scan(src any) error {
	b, ok := bytesOf(src)
	if !ok {
		return nil
	}
	return json.Unmarshal(b, (*[]int)(l))
}

// sorted is a copy in order.
func sorted(l []string) []string {
	l = slices.Clone(l)
	slices.Sort(l)
	return l
}
