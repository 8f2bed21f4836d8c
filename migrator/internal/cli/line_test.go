package cli

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// line is a TCP line between the tool and the server that a test can cut.
type line struct {
	net.Listener
	to string
	// cut says, for what the tool sends, whether the line is cut then: before
	// the server gets it, or after the server has answered.
	cut func(sent []byte) (before, after bool)
	mu  sync.Mutex
}

// through gives the connection string by way of a line.
func through(t *testing.T, dsn string, cut func([]byte) (before, after bool)) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{to: u.Host, cut: cut}
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go l.carry(c)
		}
	}()
	u.Host = l.Addr().String()
	return u.String()
}

func (l *line) carry(tool net.Conn) {
	defer tool.Close()
	server, err := net.Dial("tcp", l.to)
	if err != nil {
		return
	}
	defer server.Close()
	var silent sync.WaitGroup
	mute := false
	silent.Go(func() {
		b := make([]byte, 32<<10)
		for {
			n, err := server.Read(b)
			l.mu.Lock()
			quiet := mute
			l.mu.Unlock()
			if quiet || err != nil {
				return // the answer is here, and does not arrive
			}
			if _, err := tool.Write(b[:n]); err != nil {
				return
			}
		}
	})
	b := make([]byte, 32<<10)
	for {
		n, err := tool.Read(b)
		if err != nil {
			return
		}
		l.mu.Lock()
		before, after := l.cut(b[:n])
		mute = after
		l.mu.Unlock()
		if before {
			return
		}
		if _, err := server.Write(b[:n]); err != nil {
			return
		}
		if after {
			silent.Wait()
			return
		}
	}
}

// When the server does not come back, nobody knows, and that is said.
func TestApplyInDoubt(t *testing.T) {
	dsn, _ := database(t)
	dead := false
	cut := func(sent []byte) (bool, bool) {
		dead = dead || bytes.Contains(sent, []byte("COMMIT\x00"))
		return dead, false
	}
	r := run(t, "apply", file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\n"), "--connection", through(t, dsn, cut))
	if r.code != 2 || !strings.Contains(r.errors, "cannot be made again") || strings.Contains(r.errors, "nothing was applied") {
		t.Error(r)
	}
}

// A line that is cut at COMMIT leaves the tool in doubt: it asks the history.
func TestApplyLineCutAtCommit(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after bool
		code          int
		want          string
	}{
		{"before the server had it", true, false, 2, "nothing was applied"},
		{"after it was carried out", false, true, 0, "APPLIED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dsn, db := database(t)
			fired := false
			cut := func(sent []byte) (bool, bool) {
				if fired || !bytes.Contains(sent, []byte("COMMIT\x00")) {
					return false, false
				}
				fired = true
				return c.before, c.after
			}
			f := file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\n")
			r := run(t, "apply", f, "--connection", through(t, dsn, cut))
			if r.code != c.code || !strings.Contains(r.out+r.errors, c.want) || !strings.Contains(r.errors, "the connection was lost before COMMIT was answered") {
				t.Error(r)
			}
			if strings.Contains(r.errors, "nothing was applied") == c.after {
				t.Error(r)
			}
			if exists(t, db, "a") != c.after {
				t.Errorf("the table is there: %t", !c.after)
			}
			// And the other way, without any doubt.
			if r := run(t, "apply", f, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, map[bool]string{true: "NOTHING TO DO", false: "APPLIED"}[c.after]) {
				t.Error(r)
			}
		})
	}
}

// What a file has set in its session holds also when the connection was lost at a
// COMMIT in the middle of it.
func TestSettingsOutliveALostConnection(t *testing.T) {
	dsn, db := database(t, "CREATE SCHEMA other")
	f := file(t, t.TempDir(), "1.sql", "SET search_path = other;\nBEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b (id int);\nCOMMIT;\n")
	fired := false
	cut := func(sent []byte) (bool, bool) {
		now := !fired && bytes.Contains(sent, []byte("COMMIT\x00"))
		fired = fired || now
		return false, now
	}
	r := run(t, "apply", f, "--connection", through(t, dsn, cut))
	if r.code != 0 || !strings.Contains(r.errors, "the connection was lost before COMMIT was answered") || !exists(t, db, "other.a") || !exists(t, db, "other.b") {
		t.Error(r)
	}
}

// Who loses the connection at COMMIT loses the lock: what another run has applied
// since is not applied again.
func TestAnotherRunGoesOnAfterALostConnection(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE done (file int)")
	dir := t.TempDir()
	file(t, dir, "1_a.sql", "INSERT INTO done VALUES (1);\n")
	file(t, dir, "2_b.sql", "INSERT INTO done VALUES (2);\n")
	fired, other := false, make(chan result, 1)
	cut := func(sent []byte) (bool, bool) {
		if fired {
			other <- <-other // the way back is open when the other run has ended
			return false, false
		}
		if fired = bytes.Contains(sent, []byte("COMMIT\x00")); fired {
			go func() { other <- run(t, "apply", dir, "--connection", dsn) }()
		}
		return false, fired
	}
	r := run(t, "apply", dir, "--connection", through(t, dsn, cut))
	oneLineError(t, r, "another run has gone on")
	if o := <-other; o.code != 0 {
		t.Error(o)
	}
	var done string
	if err := db.QueryRow("SELECT string_agg(file::text, ' ' ORDER BY file) FROM done").Scan(&done); err != nil || done != "1 2" {
		t.Errorf("done %q (%v)", done, err)
	}
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "NOTHING TO DO") {
		t.Error(r)
	}
}

// A small file waits for one answer: to all of its statements, its record and COMMIT.
func TestAnswersThatASmallFileWaitsFor(t *testing.T) {
	sent := func(files int) (n int) {
		dsn, _ := database(t)
		dir, _ := smallFiles(t, files)
		count := func(b []byte) (bool, bool) {
			if b[0] == 'Q' {
				n++
			}
			return false, false
		}
		if r := run(t, "apply", dir, "--connection", through(t, dsn, count)); r.code != 0 {
			t.Fatal(r)
		}
		return n
	}
	const more = 20
	if few, many := sent(10), sent(10+more); many-few != more {
		t.Errorf("%d files more took %d messages more, want %d", more, many-few, more)
	}
}

// pooler gives every transaction of its clients the one session that it has, as
// pgbouncer does in transaction mode.
type pooler struct {
	server  net.Conn
	session sync.Mutex
	greeted bytes.Buffer // what the server said to the first client after it let it in
	once    bool
}

// behindPooler gives the connection string by way of a pooler.
func behindPooler(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &pooler{}
	if p.server, err = net.Dial("tcp", u.Host); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); p.server.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.client(c)
		}
	}()
	u.Host = l.Addr().String()
	return u.String()
}

// wireMessage reads one message: its type (0 for the first of a client) and all of it.
func wireMessage(r io.Reader, first bool) (byte, []byte, error) {
	head := make([]byte, 5)
	if first {
		head = head[:4]
	}
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, nil, err
	}
	kind := byte(0)
	if !first {
		kind = head[0]
	}
	rest := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	_, err := io.ReadFull(r, rest)
	return kind, append(head, rest...), err
}

func (p *pooler) client(c net.Conn) {
	defer c.Close()
	_, hello, err := wireMessage(c, true)
	if err != nil {
		return
	}
	p.session.Lock()
	if !p.once {
		p.once = p.letIn(c, hello)
	} else {
		c.Write(p.greeted.Bytes())
	}
	p.session.Unlock()
	for p.transaction(c) {
	}
}

// letIn hands the first client's log-in through, and remembers how it ended.
func (p *pooler) letIn(c net.Conn, hello []byte) bool {
	p.server.Write(hello)
	for {
		kind, m, err := wireMessage(p.server, false)
		if err != nil {
			return false
		}
		c.Write(m)
		if kind == 'R' && binary.BigEndian.Uint32(m[5:]) == 0 || kind == 'S' || kind == 'K' || kind == 'Z' {
			p.greeted.Write(m)
		}
		if kind == 'Z' {
			return true
		}
		// The server waits for a word of the client's where it asked for one.
		if kind == 'R' && binary.BigEndian.Uint32(m[5:]) != 0 && binary.BigEndian.Uint32(m[5:]) != 12 {
			_, word, err := wireMessage(c, false)
			if err != nil {
				return false
			}
			p.server.Write(word)
		}
	}
}

// transaction gives a client the session until the server is idle again.
func (p *pooler) transaction(c net.Conn) bool {
	kind, m, err := wireMessage(c, false)
	if err != nil || kind == 'X' {
		return false
	}
	p.session.Lock()
	defer p.session.Unlock()
	for {
		p.server.Write(m)
		for kind == 'Q' || kind == 'S' {
			answer, a, err := wireMessage(p.server, false)
			if err != nil {
				return false
			}
			c.Write(a)
			if answer == 'Z' {
				if a[5] == 'I' {
					return true
				}
				break
			}
		}
		if kind, m, err = wireMessage(c, false); err != nil || kind == 'X' {
			return false
		}
	}
}

// Behind a pooler that changes sessions, the lock of a migration would be lost.
func TestApplyRefusesAPooler(t *testing.T) {
	dsn, db := database(t)
	f := file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\n")
	r := run(t, "apply", f, "--connection", behindPooler(t, dsn))
	if r.code != 2 || !strings.Contains(r.errors, "a connection pooler in transaction mode stands before the database") || exists(t, db, "a") {
		t.Error(r)
	}
}
