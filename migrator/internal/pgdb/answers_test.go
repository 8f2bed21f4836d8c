package pgdb

import (
	"encoding/binary"
	"testing"
)

func message(kind byte, payload string) []byte {
	b := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)+4))
	return append(b, payload...)
}

func messages(all ...[]byte) (b []byte) {
	for _, m := range all {
		b = append(b, m...)
	}
	return b
}

var hello = []byte{0, 0, 0, 9, 0, 3, 0, 0, 0}

// However the server's bytes arrive, the same is read of them.
func TestAnswersInAnyPieces(t *testing.T) {
	let := messages(message('R', "\x00\x00\x00\x00"), message('S', "standard_conforming_strings\x00on\x00"), message('K', "\x00\x00\x01\x02abcd"), message('Z', "I"))
	fails := messages(message('C', "BEGIN\x00"), message('T', "a row: CC"), message('D', "ZE"), message('C', "SELECT 1\x00"), message('I', ""), message('N', "a notice"), message('E', "no"), message('Z', "E"))
	sets := messages(message('C', "SET\x00"), message('S', "standard_conforming_strings\x00off\x00"), message('Z', "T"))
	for size := 1; size < 40; size++ {
		a := &Answers{}
		a.wrote(hello)
		feed := func(b []byte) {
			for len(b) > 0 {
				n := min(size, len(b))
				a.read(b[:n])
				b = b[n:]
			}
		}
		feed(let)
		if n, failed := a.Ended(); a.pid.Load() != 258 || n != 0 || failed || !a.Idle() || a.Lexing() {
			t.Fatalf("%d bytes at once: %+v", size, a)
		}
		feed(fails)
		if n, failed := a.Ended(); n != 3 || !failed || a.Idle() || a.Lexing() {
			t.Fatalf("%d bytes at once: %+v", size, a)
		}
		feed(sets)
		if n, failed := a.Ended(); n != 1 || failed || a.Idle() || !a.Lexing() {
			t.Fatalf("%d bytes at once: %+v", size, a)
		}
	}
}

// What is encrypted, or no PostgreSQL, is not read.
func TestAnswersThatCannotBeRead(t *testing.T) {
	request := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, sslRequest)
	for name, c := range map[string]struct {
		sent  []byte
		heard []byte
		blind bool
	}{
		"encrypted":         {request, []byte("S"), true},
		"not encrypted":     {request, []byte("N"), false},
		"encrypted at once": {[]byte("\x16\x03\x01\x02\x00\x01\x00"), nil, true},
		"plain":             {hello, nil, false},
		"a wrong length":    {hello, []byte("H\x00\x00\x00\x01"), true},
	} {
		a := &Answers{}
		a.wrote(c.sent)
		a.read(c.heard)
		if a.blind != c.blind {
			t.Errorf("%s: %+v", name, a)
		}
		if c.blind {
			a.wrote(hello)
			a.read(message('K', "\x00\x00\x01\x02abcd"))
			if a.pid.Load() != 0 {
				t.Errorf("%s: it was read", name)
			}
		}
	}
}

// Whatever comes is read without a crash.
func FuzzAnswers(f *testing.F) {
	f.Add(message('Z', "I"), 3)
	f.Add(messages(message('K', "ab"), message('S', ""), []byte{'C', 0, 0}), 1)
	f.Fuzz(func(t *testing.T, heard []byte, at int) {
		a := &Answers{}
		a.wrote(hello)
		at = min(max(0, at), len(heard))
		a.read(heard[:at])
		a.read(heard[at:])
		whole := &Answers{}
		whole.wrote(hello)
		whole.read(heard)
		if a.ended != whole.ended || a.failed != whole.failed || a.blind != whole.blind {
			t.Errorf("%+v in two pieces, %+v in one", a, whole)
		}
	})
}
