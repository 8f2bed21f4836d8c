package limiter

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// nginx starts the real one with a server of these locations.
func nginx(t *testing.T, locations string) (url string) {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ok"), []byte("ok"), 0o644); err != nil {
		t.Fatal(err)
	}
	_ = os.Chmod(filepath.Dir(dir), 0o755)
	temp := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += fmt.Sprintf("%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	config := "daemon off; worker_processes 1; pid " + dir + "/pid; error_log " + dir + "/err crit;\nevents { worker_connections 512; }\nhttp { access_log off;\n" + temp +
		"limit_req_zone $binary_remote_addr zone=z:1m rate=10r/s;\nserver { listen " + address + ";\n" + strings.ReplaceAll(locations, "FILE", dir+"/ok") + "\n} }\n"
	if os.Geteuid() == 0 {
		config = "user root;\n" + config
	}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-c", file, "-p", dir, "-e", dir+"/err")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return "http://" + address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nginx does not listen")
	return ""
}

func learn(t *testing.T, url string, rate float64, length time.Duration) *Model {
	t.Helper()
	set, err := target.Compile([]target.Spec{{URL: url}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := NewWatch()
	if _, err := engine.Run(t.Context(), set, engine.Options{Schedule: pace.Constant(rate).For(length, 0), Observe: w.Observe}); err != nil {
		t.Fatal(err)
	}
	return Learn(w)
}

// nginx without nodelay lets requests wait. Its burst is counted by when requests
// were sent: 20 in the queue, the one that goes through at once, and those that leave
// while the queue fills at 40/s.
func TestNginxQueues(t *testing.T) {
	url := nginx(t, "location /q { limit_req zone=z burst=20; limit_req_status 429; alias FILE; }")
	m := learn(t, url+"/q", 40, 5*time.Second)
	if m.Kind != Queue || m.Burst < 25 || m.Burst > 30 || m.Rate < 8 || m.Rate > 12 || m.Wait < time.Second || m.Wait > 3*time.Second {
		t.Errorf("%s: %s; %d refused", m.Kind, m.describe(), m.Refused)
	}
}

// With nodelay nobody waits, and it is a bucket.
func TestNginxWithoutDelay(t *testing.T) {
	url := nginx(t, "location /n { limit_req zone=z burst=5 nodelay; limit_req_status 429; alias FILE; }")
	m := learn(t, url+"/n", 40, 4*time.Second)
	if m.Kind != Refill || m.Burst < 6 || m.Burst > 9 || m.Rate < 8 || m.Rate > 12 {
		t.Errorf("%s: %s; %d refused", m.Kind, m.describe(), m.Refused)
	}
}

// nginx refuses with 503 unless it is told otherwise; the check names the setting.
func TestNginxRefusesWith503(t *testing.T) {
	url := nginx(t, "location /s { limit_req zone=z burst=5 nodelay; alias FILE; }")
	m := learn(t, url+"/s", 40, 2*time.Second)
	c := m.noServerErrors()
	if m.Nginx == 0 || m.Nginx != m.Failed || c.Pass || !strings.Contains(c.Note, "limit_req_status 429") {
		t.Errorf("%d of %d are nginx's: %+v", m.Nginx, m.Failed, c)
	}
}

// A window that each refused request begins anew asks for the same wait to the
// end; one that is only longer than the run asks for less and less.
func TestExtendingWindow(t *testing.T) {
	for _, extends := range []bool{true, false} {
		n, until := 0, time.Time{}
		const window = 30 * time.Second
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if n++; n <= 10 {
				until = time.Now().Add(window)
				return
			}
			if extends {
				until = time.Now().Add(window)
			}
			w.Header().Set("Retry-After", fmt.Sprint(int(time.Until(until).Seconds()+0.999)))
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		set, err := target.Compile([]target.Spec{{URL: s.URL}}, target.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := NewWatch()
		// One connection, so that the server counts without a lock.
		_, err = engine.Run(t.Context(), set, engine.Options{Schedule: pace.Constant(20).For(5*time.Second, 0), MaxConns: 1, Observe: w.Observe})
		s.Close()
		if err != nil {
			t.Fatal(err)
		}
		want := OneWindow
		if extends {
			want = Extending
		}
		if m := Learn(w); m.Kind != want {
			t.Errorf("extends %v: %s, %s", extends, m.Kind, m.describe())
		}
	}
}

// A server that is slow with every request has no queue.
func TestSlowIsNoQueue(t *testing.T) {
	list := []seen{}
	for i := range 100 {
		at := time.Duration(i) * 25 * time.Millisecond
		s := seen{sent: at, done: at + 300*time.Millisecond, status: 200}
		if i > 20 && i%4 != 0 {
			s.status, s.done = 429, at+time.Millisecond
		}
		list = append(list, s)
	}
	if m := Learn(&Watch{answers: list}); m.Kind == Queue {
		t.Errorf("%s: %s", m.Kind, m.describe())
	}
}
