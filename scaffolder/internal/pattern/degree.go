package pattern

import "slices"

// The degrees of ambiguity that are none of a polynomial.
const (
	linearTime  = 1
	exponential = 1 << 20
)

// mostSteps bounds the work on one pattern.
const mostSteps = 3_000_000

// degreeOf is how the time of a failing match grows with the length of its text: its
// linear, by a power, or exponential. A walk through the automaton is exponential where
// two ways lead from a position back to itself by the same text (Weber and Seidl 1991: EDA),
// and a power where one loop is left for another that reads the same (IDA). What takes too
// long to find out is taken for exponential.
func degreeOf(root node) int {
	a := build(root)
	if a.tooBig {
		return exponential
	}
	s := &search{automaton: a, loop: loops(len(a.sets), func(p int) []int { return a.next[p] })}
	if s.doubles() || s.twoWays() || s.steps > mostSteps {
		return exponential
	}
	degree := s.power()
	if s.steps > mostSteps {
		return exponential
	}
	return degree
}

type search struct {
	*automaton
	loop  []int // the loop that each position is in; -1: none
	steps int
}

// doubles: in a loop, one step can be taken in two ways, as in (a*)*.
func (s *search) doubles() bool {
	for p := range s.sets {
		for _, q := range s.next[p] {
			if s.follow[p][q] > 1 && s.loop[p] >= 0 && s.loop[p] == s.loop[q] {
				return true
			}
		}
	}
	return false
}

// twoWays: from a position back to itself by two ways that part on the way.
func (s *search) twoWays() bool {
	n := len(s.sets)
	pairs := loops(n*n, func(pair int) []int {
		p, q := pair/n, pair%n
		if s.loop[p] < 0 || s.loop[p] != s.loop[q] {
			return nil
		}
		var out []int
		for _, p2 := range s.next[p] {
			for _, q2 := range s.next[q] {
				s.steps++
				if s.loop[p2] == s.loop[p] && s.loop[q2] == s.loop[q] && s.sets[p2].meets(s.sets[q2]) {
					out = append(out, p2*n+q2)
				}
			}
		}
		if s.steps > mostSteps {
			return nil
		}
		return out
	})
	same := map[int]bool{}
	for p := range n {
		if loop := pairs[p*n+p]; loop >= 0 {
			same[loop] = true
		}
	}
	for pair, loop := range pairs {
		if pair/n != pair%n && loop >= 0 && same[loop] {
			return true
		}
	}
	return false
}

// power is the length of the longest chain of loops, each of which can be left for the
// next one by a text that both read.
func (s *search) power() int {
	leads := map[int][]int{}
	for p := range s.sets {
		for q := range s.sets {
			if s.loop[p] >= 0 && s.loop[q] >= 0 && s.loop[p] != s.loop[q] &&
				!slices.Contains(leads[s.loop[p]], s.loop[q]) && s.shares(p, q) {
				leads[s.loop[p]] = append(leads[s.loop[p]], s.loop[q])
			}
		}
	}
	longest := map[int]int{}
	var from func(loop int) int
	from = func(loop int) int {
		if known, ok := longest[loop]; ok {
			return known
		}
		most := 1
		for _, next := range leads[loop] {
			most = max(most, 1+from(next))
		}
		longest[loop] = most
		return most
	}
	degree := linearTime
	for loop := range leads {
		degree = max(degree, from(loop))
	}
	return degree
}

// shares: some text leads from p to p, from p to q and from q to q.
func (s *search) shares(p, q int) bool {
	type triple [3]int
	start, goal := triple{p, p, q}, triple{p, q, q}
	seen := map[triple]bool{start: true}
	queue := []triple{start}
	for len(queue) > 0 && s.steps <= mostSteps {
		t := queue[0]
		queue = queue[1:]
		for _, x := range s.next[t[0]] {
			if s.loop[x] != s.loop[p] {
				continue
			}
			for _, z := range s.next[t[2]] {
				if s.loop[z] != s.loop[q] || !s.sets[x].meets(s.sets[z]) {
					continue
				}
				for _, y := range s.next[t[1]] {
					s.steps++
					to := triple{x, y, z}
					if seen[to] || !s.sets[x].meets(s.sets[y], s.sets[z]) {
						continue
					}
					if to == goal {
						return true
					}
					seen[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
	return false
}

// loops numbers the strongly connected parts of a graph in which one can go round;
// -1: a node is in none. It is Tarjan's algorithm, without recursion.
func loops(n int, next func(int) []int) []int {
	out := make([]int, n)
	index, low := make([]int, n), make([]int, n)
	onStack := make([]bool, n)
	for i := range out {
		out[i] = -1
	}
	type frame struct {
		node  int
		edges []int
	}
	var stack []int
	count, number := 0, 0
	for root := range n {
		if index[root] != 0 {
			continue
		}
		var frames []frame
		enter := func(v int) {
			count++
			index[v], low[v] = count, count
			stack = append(stack, v)
			onStack[v] = true
			frames = append(frames, frame{v, next(v)})
		}
		enter(root)
		for len(frames) > 0 {
			f := &frames[len(frames)-1]
			if len(f.edges) > 0 {
				w := f.edges[0]
				f.edges = f.edges[1:]
				if index[w] == 0 {
					enter(w)
				} else if onStack[w] {
					low[f.node] = min(low[f.node], index[w])
				}
				continue
			}
			v := f.node
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				above := frames[len(frames)-1].node
				low[above] = min(low[above], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			at := slices.Index(stack, v)
			members := stack[at:]
			goesRound := len(members) > 1 || slices.Contains(next(v), v)
			for _, w := range members {
				onStack[w] = false
				if goesRound {
					out[w] = number
				}
			}
			stack = stack[:at]
			number++
		}
	}
	return out
}
