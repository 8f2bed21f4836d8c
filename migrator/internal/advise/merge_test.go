package advise

import (
	"slices"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Two indexes that begin alike become one, unless a query would lose more than that
// is worth, or the one would be too wide.
func TestMerge(t *testing.T) {
	key := func(columns ...string) (keys []Key) {
		for _, c := range columns {
			keys = append(keys, Key{Column: c})
		}
		return keys
	}
	type wanted struct {
		keys    []Key
		include []string
		where   []string
	}
	byUser, byShop := "SELECT * FROM orders WHERE user_id = $1", "SELECT * FROM orders WHERE shop_id = $1"
	for _, c := range []struct {
		name, statement string
		chosen          []wanted
		want            []string
	}{
		{"what rides along is put together", byUser, []wanted{{keys: key("user_id"), include: []string{"status"}}, {keys: key("user_id"), include: []string{"seen"}}},
			[]string{"public.orders (user_id) INCLUDE (seen, status)"}},
		{"three of them", byUser, []wanted{{keys: key("user_id"), include: []string{"status"}}, {keys: key("user_id"), include: []string{"seen"}}, {keys: key("user_id"), include: []string{"id"}}},
			[]string{"public.orders (user_id) INCLUDE (id, seen, status)"}},
		{"into the one with more keys", byUser, []wanted{{keys: key("user_id"), include: []string{"status"}}, {keys: key("user_id", "shop_id")}},
			[]string{"public.orders (user_id, shop_id) INCLUDE (status)"}},
		{"a query reads a hundredth of the table, and would read a tenth more", byShop, []wanted{{keys: key("shop_id"), include: []string{"status"}}, {keys: key("shop_id"), include: []string{"seen"}}},
			[]string{"public.orders (shop_id) INCLUDE (seen)", "public.orders (shop_id) INCLUDE (status)"}},
		{"the beginning of another goes whatever it costs", byShop, []wanted{{keys: key("shop_id")}, {keys: key("shop_id"), include: []string{"seen"}}},
			[]string{"public.orders (shop_id) INCLUDE (seen)"}},
		{"too wide", byUser, []wanted{{keys: key("user_id"), include: []string{"note", "status"}}, {keys: key("user_id"), include: []string{"address", "seen"}}},
			[]string{"public.orders (user_id) INCLUDE (address, seen)", "public.orders (user_id) INCLUDE (note, status)"}},
		{"other rows", byUser, []wanted{{keys: key("user_id"), include: []string{"status"}, where: []string{"shop_id = 7"}}, {keys: key("user_id"), include: []string{"seen"}}},
			[]string{"public.orders (user_id) INCLUDE (seen)", "public.orders (user_id) INCLUDE (status) WHERE shop_id = 7"}},
	} {
		facts := described(t, shop)
		orders := facts.Find("public", "orders")
		orders.Pages = 10000
		orders.Columns = append(orders.Columns, &Column{Name: "note", Type: "text", Width: 40}, &Column{Name: "address", Type: "text", Width: 40})
		var list []*Index
		for _, w := range c.chosen {
			list = append(list, &Index{Table: orders, Method: "btree", Keys: w.keys, Include: w.include, Conditions: w.where})
		}
		s := chosen(t, facts, &workload.Workload{Timed: true, Statements: []*workload.Statement{{SQL: c.statement, Calls: 1, Exec: time.Second}}}, list)
		if _, err := s.merge(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := s.definitions()
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
