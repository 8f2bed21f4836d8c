package pace

import (
	"testing"
	"time"
)

// Every second request of the doubled schedule is due when one of the plain
// schedule is.
func TestTimes(t *testing.T) {
	for _, text := range []string{"100", "10..200/3s", "50/1s,200/2s", "sine:50..150/1s"} {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		s = s.For(3*time.Second, 0)
		plain, double := s.Arrivals(Slice{}), s.Times(2).Arrivals(Slice{})
		n := 0
		for {
			_, due, ok := plain.Next()
			i, twice, ok2 := double.Next()
			if !ok || !ok2 {
				break
			}
			if i%2 != 0 || (twice-due).Abs() > time.Microsecond {
				t.Fatalf("%s: request %d at %v, want %v", text, i, twice, due)
			}
			double.Next()
			n++
		}
		if n < 100 {
			t.Errorf("%s: %d requests only", text, n)
		}
	}
	if got := Constant(10).For(0, 7).Times(3).Arrivals(Slice{}).Left(); got != 21 {
		t.Errorf("%d requests, want 21", got)
	}
}
