package workload

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func at(minute int) time.Time { return time.Date(2026, 3, 1, 12, minute, 0, 0, time.UTC) }

func TestAfterIsTheDifference(t *testing.T) {
	earlier := &Workload{Source: Statistics, Since: at(0), Until: at(10), Statements: []*Statement{
		{ID: "1", Calls: 10, Rows: 20, Exec: time.Second}, {ID: "2", Calls: 5, Exec: time.Second}, {ID: "3", Calls: 9, Exec: time.Second},
	}}
	later := &Workload{Source: Statistics, Since: at(0), Until: at(11), Statements: []*Statement{
		{ID: "1", Calls: 12, Rows: 25, Exec: 3 * time.Second}, {ID: "2", Calls: 5, Exec: time.Second},
		{ID: "3", Calls: 2, Exec: time.Millisecond}, // forgotten in between, and counted anew
		{ID: "4", Calls: 1, Exec: time.Minute},
	}}
	w, err := later.After(earlier)
	if err != nil {
		t.Fatal(err)
	}
	var got []Statement
	for _, s := range w.Statements {
		got = append(got, *s)
	}
	want := []Statement{{ID: "4", Calls: 1, Exec: time.Minute}, {ID: "1", Calls: 2, Rows: 5, Exec: 2 * time.Second}, {ID: "3", Calls: 2, Exec: time.Millisecond}}
	if !slices.EqualFunc(got, want, func(a, b Statement) bool {
		return a.ID == b.ID && a.Calls == b.Calls && a.Rows == b.Rows && a.Exec == b.Exec
	}) || w.Reset || w.Since != at(10) {
		t.Errorf("%+v", w)
		t.Errorf("%+v", got)
	}
}

func TestAfterAResetCountsFromThere(t *testing.T) {
	earlier := &Workload{Source: Statistics, Since: at(0), Until: at(10), Statements: []*Statement{{ID: "1", Calls: 10}}}
	later := &Workload{Source: Statistics, Since: at(12), Until: at(20), Statements: []*Statement{{ID: "1", Calls: 12}}}
	w, err := later.After(earlier)
	if err != nil || !w.Reset || w.Since != at(12) || w.Statements[0].Calls != 12 {
		t.Errorf("%+v %v", w, err)
	}
	later.Source = "a log"
	if _, err := later.After(earlier); !errors.Is(err, ErrOtherSource) {
		t.Error(err)
	}
}
