package target

import (
	"math/bits"
	"strconv"
	"time"
)

// seq counts requests: start + i.
type seq struct{ start int64 }

func newSeq(args []string) (filler, string) {
	if len(args) == 0 {
		return seq{1}, ""
	}
	start, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil || len(args) > 1 {
		return nil, "wants at most a number to start from"
	}
	return seq{start}, ""
}

func (f seq) append(dst []byte, at place) []byte {
	return strconv.AppendInt(dst, f.start+int64(at.i), 10)
}

// uuid is a random UUID (version 4), another one for each place and request.
type uuid struct{ purpose uint64 }

func (f uuid) append(dst []byte, at place) []byte {
	high := mix(at.seed, at.i, purposeUUID|f.purpose<<1)&^0xf000 | 0x4000
	low := mix(at.seed, at.i, purposeUUID|f.purpose<<1|1)&^(3<<62) | 1<<63
	dst = appendHex(dst, high>>32, 8)
	dst = append(dst, '-')
	dst = appendHex(dst, high>>16&0xffff, 4)
	dst = append(dst, '-')
	dst = appendHex(dst, high&0xffff, 4)
	dst = append(dst, '-')
	dst = appendHex(dst, low>>48, 4)
	dst = append(dst, '-')
	return appendHex(dst, low&(1<<48-1), 12)
}

func appendHex(dst []byte, v uint64, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[v>>shift&15])
	}
	return dst
}

// randomInt is a whole number between two, both included.
type randomInt struct {
	purpose uint64
	low     int64
	span    uint64 // high - low + 1; 0 is 2^64
}

func newRand(args []string, purpose uint64) (filler, string) {
	if len(args) != 2 {
		return nil, "wants the lowest and the highest number: {{rand 1 100}}"
	}
	low, err1 := strconv.ParseInt(args[0], 10, 64)
	high, err2 := strconv.ParseInt(args[1], 10, 64)
	if err1 != nil || err2 != nil {
		return nil, "wants two whole numbers"
	}
	if low > high {
		return nil, "has its lowest number above its highest"
	}
	return randomInt{purpose, low, uint64(high) - uint64(low) + 1}, ""
}

func (f randomInt) append(dst []byte, at place) []byte {
	r := mix(at.seed, at.i, f.purpose)
	if f.span != 0 {
		r, _ = bits.Mul64(r, f.span)
	}
	return strconv.AppendInt(dst, f.low+int64(r), 10)
}

// randomText is a word of letters and digits.
type randomText struct {
	purpose uint64
	length  int
}

func newRandomText(args []string, purpose uint64) (filler, string) {
	n := 0
	if len(args) == 1 {
		n, _ = strconv.Atoi(args[0])
	}
	if n < 1 || n > 1<<20 {
		return nil, "wants a length: {{text 8}}"
	}
	return randomText{purpose, n}, ""
}

func (f randomText) append(dst []byte, at place) []byte {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab"
	r := uint64(0)
	for k := range f.length {
		if k%10 == 0 { // ten letters of 6 bits from each draw
			r = mix(at.seed, at.i+uint64(k)<<32, f.purpose)
		}
		dst = append(dst, letters[r&63])
		r >>= 6
	}
	return dst
}

// choice is one of several words.
type choice struct {
	purpose uint64
	words   []string // escaped
}

func newChoice(args []string, purpose uint64, esc escape) (filler, string) {
	if len(args) == 0 {
		return nil, "wants words to choose from"
	}
	c := choice{purpose: purpose}
	for _, a := range args {
		c.words = append(c.words, escaped(a, esc))
	}
	return c, ""
}

func (f choice) append(dst []byte, at place) []byte {
	k, _ := bits.Mul64(mix(at.seed, at.i, f.purpose), uint64(len(f.words)))
	return append(dst, f.words[k]...)
}

// clock is the time when the request is made.
type clock struct{ form string }

func newClock(args []string) (filler, string) {
	form := "ms"
	if len(args) == 1 {
		form = args[0]
	}
	if len(args) > 1 || (form != "ms" && form != "s" && form != "rfc3339") {
		return nil, "wants ms, s or rfc3339"
	}
	return clock{form}, ""
}

func (f clock) append(dst []byte, _ place) []byte {
	now := time.Now()
	switch f.form {
	case "s":
		return strconv.AppendInt(dst, now.Unix(), 10)
	case "rfc3339":
		return now.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z07:00")
	}
	return strconv.AppendInt(dst, now.UnixMilli(), 10)
}
