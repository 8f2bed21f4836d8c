package accesslog

import (
	"strings"
	"testing"
	"time"
)

// pino writes what was asked below req: pino-http in one line at the end of a
// request, Fastify in one at its beginning and one without it at its end.
func TestPino(t *testing.T) {
	const log = `{"level":30,"time":1704067200000,"reqId":"req-1","req":{"method":"GET","url":"/fastify?x=1","hostname":"h"},"msg":"incoming request"}
{"level":30,"time":1704067200012,"reqId":"req-1","res":{"statusCode":200},"responseTime":2.1,"msg":"request completed"}
{"level":30,"time":1704067200112,"req":{"id":1,"method":"GET","url":"/http?x=1","query":{"x":"1"},"headers":{"host":"x"}},"res":{"statusCode":200},"responseTime":12,"msg":"request completed"}
`
	r, err := Read(strings.NewReader(log), "pino.json", Options{Base: "http://127.0.0.1"})
	if err != nil || len(r.Specs) != 2 {
		t.Fatalf("%v, %+v", err, r)
	}
	if a, b := r.Specs[0], r.Specs[1]; a.URL != "http://127.0.0.1/fastify?x=1" || b.URL != "http://127.0.0.1/http?x=1" || b.At-a.At != 100*time.Millisecond {
		t.Errorf("%s at %s, %s at %s", a.URL, a.At, b.URL, b.At)
	}
}
