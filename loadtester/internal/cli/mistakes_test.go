package cli

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/shared/redact/slips"
	"github.com/seniorbackend/tools/shared/terminal"
)

// mistake is a command line with a secret where it does not belong, or where it
// belongs and something else is wrong. SECRET stands for it, DIR for a folder of its
// own, URL for a server that says 500 and repeats what it got.
type mistake struct {
	args  string // words are separated by one blank; _ is a blank within a word
	files map[string]string
	env   string // NAME=VALUE
}

var mistakes = []mistake{
	// A URL with a secret where another value belongs.
	{args: "run URL --output http://u:SECRET@h/r.txt"},
	{args: "run URL --save http://u:SECRET@h/r.ltr"},
	{args: "run URL --results http://u:SECRET@h/r.csv"},
	{args: "run URL --report html=http://u:SECRET@h/r.html"},
	{args: "run URL --report http://u:SECRET@h/r.html"},
	{args: "run URL --metrics-listen http://u:SECRET@127.0.0.1:1"},
	{args: "run URL --rate http://u:SECRET@h/"},
	{args: "run URL --timeout token=SECRET"},
	{args: "run URL --host http://u:SECRET@h/"},
	{args: "run URL --sni http://u:SECRET@h/"},
	{args: "run URL --local-address http://u:SECRET@h/"},
	{args: "run URL --unix-socket http://u:SECRET@h/"},
	{args: "run URL --ca-file http://u:SECRET@h/"},
	{args: "run URL --cert http://u:SECRET@h/ --key http://u:SECRET@h/"},
	{args: "run URL --engine http://u:SECRET@h/"},
	{args: "run URL --arrivals http://u:SECRET@h/"},
	{args: "run URL --abort-on http://u:SECRET@h/"},
	{args: "run URL --slo-for http://u:SECRET@h/=p99<1s"},
	{args: "run URL --expect-status http://u:SECRET@h/"},
	{args: "run URL --start-at http://u:SECRET@h/"},
	{args: "run URL --shard http://u:SECRET@h/"},
	{args: "run URL --method http://u:SECRET@h/"},
	{args: "run URL --feed http://u:SECRET@h/"},
	{args: "run URL --replay http://u:SECRET@h/"},
	{args: "capacity URL --slo http://u:SECRET@h/"},
	{args: "check http://u:SECRET@127.0.0.1:1/"},
	{args: "completion http://u:SECRET@h/"},
	{args: "man http://u:SECRET@h/"},
	// Where it belongs, and something else is wrong or it is told again.
	{args: "run http://u:SECRET@HOST/"},
	{args: "run http://u:SECRET@HOST/ --format html"},
	{args: "run http://u:SECRET@HOST/ --http2"},
	{args: "run http://u:SECRET@HOST/%zz"},
	{args: "run http://u:%zzSECRET@HOST/"},
	{args: "run URL?access_token=SECRET --format markdown"},
	{args: "run URL?X-Amz-Signature=SECRET&x=1 --format junit --expect-status 200"},
	{args: "run URL/a;token=SECRET --format github --expect-status 200"},
	{args: "run URL -H Authorization:_Bearer_SECRET --expect-body never"},
	{args: "run URL -H Authorization:_Basic_dTpTRUNSRVQ= --form password=SECRET --expect-body never"},
	{args: "run URL -H X-Api-Key:_SECRET --save DIR/run.ltr"},
	{args: "run URL -H Cookie:_sid=SECRET;_b=2 --save DIR/run.ltr --results DIR/rows.csv"},
	{args: "run URL?token=SECRET --save DIR/run.ltr --results DIR/rows.jsonl"},
	{args: "run URL -H Authorization:Bearer_SECRET\nX:_y"},
	{args: "run URL -H Bearer_SECRET"},
	{args: "run URL -H :_SECRET"},
	{args: "run URL --form password=SECRET --form token=SECRET --method GET --http3"},
	{args: "run URL --multipart token=@DIR/missing-SECRET"},
	{args: "run URL -d @DIR/token=SECRET"},
	{args: "run URL -d {\"password\":\"SECRET\"} --template --expect-body x"},
	{args: "run URL -d {\"password\":\"{{SECRET\"}"},
	{args: "run URL -d {\"password\":\"{{bogus_SECRET}}\"}"},
	{args: "run URL --set password=SECRET"},
	{args: "run URL --set token:SECRET --openapi DIR/a.yaml", files: map[string]string{"a.yaml": "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/: {get: {parameters: [{name: token, in: query, schema: {type: integer}}], responses: {'200': {description: a}}}}}\n"}},
	{args: "run URL --openapi DIR/a.yaml --set token=SECRET", files: map[string]string{"a.yaml": "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/: {get: {parameters: [{name: token, in: query, schema: {type: integer}}], responses: {'200': {description: a}}}}}\n"}},
	{args: "run --openapi DIR/a.yaml", files: map[string]string{"a.yaml": "openapi: 3.0.0\nservers: [{url: 'http://u:SECRET@127.0.0.1:1/'}]\ninfo: {title: a, version: '1'}\npaths: {/: {get: {responses: {'200': {description: a}}}}}\n"}},
	{args: "run URL --proxy http://u:SECRET@127.0.0.1:1"},
	{args: "run URL --proxy socks5://u:SECRET@127.0.0.1:1"},
	{args: "run http://example.invalid/", env: "HTTP_PROXY=http://u:SECRET@127.0.0.1:1"},
	{args: "run http://example.invalid/", env: "http_proxy=u:SECRET@127.0.0.1:1:2"},
	// curl.
	{args: "run --curl curl_-u_u:SECRET_URL"},
	{args: "run --curl curl_-H_'Authorization:_Bearer_SECRET'_URL_--bogus"},
	{args: "run --curl curl_-H_'Authorization:_Bearer_SECRET_URL"},
	{args: "run --curl curl_--user_u:SECRET_--digest_URL"},
	{args: "run --curl curl_-b_sid=SECRET_URL_-o_x"},
	{args: "run --curl curl_-b_DIR/SECRET_URL"},
	{args: "run --curl curl_-d_'{\"password\":\"SECRET\"}'_URL_--data-bogus"},
	{args: "run --curl curl_-F_password=SECRET_URL_--retry"},
	{args: "run --curl curl_-x_http://u:SECRET@127.0.0.1:1_URL"},
	{args: "run --curl wget_--header='Authorization:_Bearer_SECRET'_URL"},
	{args: "run --curl -_-H_token:SECRET"},
	{args: "run --curl curl_--aws-sigv4_aws:amz_--user_AKIAKEY:SECRET_URL"},
	{args: "run --curl curl_-E_DIR/cert.pem:SECRET_URL"},
	{args: "run --curl curl_--pass_SECRET_URL"},
	{args: "run --curl @DIR/c.sh", files: map[string]string{"c.sh": "curl -H 'Authorization: Bearer SECRET' 'unclosed\n"}},
	// Files of requests.
	{args: "run URL --targets DIR/t.txt", files: map[string]string{"t.txt": "GET URL\nAuthorization Bearer SECRET\n"}},
	{args: "run URL --targets DIR/t.yaml", files: map[string]string{"t.yaml": "targets:\n- url: http://u:SECRET@h:port/\n"}},
	{args: "run URL --targets DIR/t.yaml", files: map[string]string{"t.yaml": "targets:\n- url: URL\n  headers: {Authorization: *SECRET}\n"}},
	{args: "run URL --targets DIR/t.yaml", files: map[string]string{"t.yaml": "targets:\n- url: URL\n  headers: [Authorization: Bearer SECRET]\n  x: 1\n"}},
	{args: "run URL --targets DIR/t.yaml", files: map[string]string{"t.yaml": "targets:\n- url: URL\n  password: SECRET\n"}},
	{args: "run URL --targets DIR/t.yaml", files: map[string]string{"t.yaml": "targets:\n- url: /?token=SECRET\n  name: token=SECRET\n  body: '{\"password\": \"SECRET\"'\n"}},
	{args: "run URL --har DIR/h.har", files: map[string]string{"h.har": `{"log": {"entries": [{"request": {"method": "GET", "url": "http://u:SECRET@h:port/", "headers": []}}]}}`}},
	{args: "run URL --har DIR/h.har", files: map[string]string{"h.har": `{"log": {"entries": [{"startedDateTime": "token=SECRET", "request": {"method": "GET SECRET", "url": "URL/?token=SECRET", "headers": [{"name": "Cookie", "value": "a=SECRET"}]}}]}}`}},
	{args: "run URL --har DIR/h.har", files: map[string]string{"h.har": `{"log": {"entries": [{"request": {"password": "SECRET`}},
	{args: "run URL --replay DIR/a.log", files: map[string]string{"a.log": "1.2.3.4 - u [10/Oct/2026:13:55:36 +0000] \"GET /?token=SECRET HTTP/1.1\" 200 1 \"http://u:SECRET@h/\" \"x\"\nbroken token=SECRET line\n"}},
	{args: "run URL/{{u.token}} --feed u=DIR/f.csv", files: map[string]string{"f.csv": "token,x\nSECRET\n\"SECRET"}},
	{args: "run URL/{{f.password}} --feed DIR/f.csv --expect-body never", files: map[string]string{"f.csv": "password\nSECRET\n"}},
	{args: "run URL --config DIR/c.yaml", files: map[string]string{"c.yaml": "header: *SECRET\n"}},
	{args: "run URL --config DIR/c.yaml", files: map[string]string{"c.yaml": "headr: ['Authorization: Bearer SECRET']\n"}},
	{args: "run URL --config DIR/c.yaml", files: map[string]string{"c.yaml": "header:\n  Authorization: Bearer SECRET\n"}},
	{args: "run URL --config DIR/c.yaml", files: map[string]string{"c.yaml": "run:\n  header: ['Authorization: Bearer SECRET']\n  rate: token=SECRET\n"}},
	{args: "run URL --config DIR/c.yaml", files: map[string]string{"c.yaml": "Authorization: Bearer SECRET\n"}},
	{args: "run URL", env: "LOADTESTER_HEADER=Authorization Bearer SECRET"},
	{args: "run URL", env: "LOADTESTER_PROXY=u:SECRET@127.0.0.1"},
	{args: "run URL", env: "LOADTESTER_OUTPUT=http://u:SECRET@h/x"},
	{args: "run", env: "LOADTESTER_CURL=curl -u u:SECRET --bogus"},
	// What was saved, and what belongs to two runs.
	{args: "report DIR/r.ltr", files: map[string]string{"r.ltr": "{\"token\": \"SECRET\", \"url\": \"http://u:SECRET@h/"}},
	{args: "report http://u:SECRET@h/r.ltr"},
	{args: "report DIR/password=SECRET.ltr"},
	{args: "merge http://u:SECRET@h/ DIR/x.ltr --output http://u:SECRET@h/o"},
	{args: "compare URL?token=SECRET http://u:SECRET@HOST/"},
	{args: "compare URL http://u:SECRET@HOST/ --format html --report json=DIR/c.json"},
	{args: "check URL?token=SECRET -H Authorization:_Bearer_SECRET --expect-body never"},
	{args: "check http://u:SECRET@HOST/ -d password=SECRET --format json"},
	{args: "check --curl curl_-u_u:SECRET_-b_sid=SECRET_URL --format html --report html=DIR/x.html"},
	{args: "capacity http://u:SECRET@HOST/?token=SECRET --slo p99<1s,errors<1% --max-rate 20 --step 1"},
}

// TestNoMistakeShowsItsSecret: nor does it in a report or another file that is written
// by the way.
func TestNoMistakeShowsItsSecret(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		w.Write([]byte("it failed"))
	}))
	defer server.Close()
	for _, m := range mistakes {
		t.Run(strings.ReplaceAll(m.args, "/", "|"), func(t *testing.T) {
			dir := t.TempDir()
			put := strings.NewReplacer("SECRET", slips.Canary, "DIR", dir, "URL", server.URL, "HOST", strings.TrimPrefix(server.URL, "http://"))
			given := map[string]bool{}
			for name, text := range m.files {
				path := filepath.Join(dir, name)
				given[path] = true
				if err := os.WriteFile(path, []byte(put.Replace(text)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if name, value, ok := strings.Cut(m.env, "="); ok {
				t.Setenv(name, put.Replace(value))
			}
			t.Chdir(dir)
			var args []string
			for _, word := range strings.Split(m.args, " ") {
				args = append(args, put.Replace(strings.ReplaceAll(word, "_", " ")))
			}
			if !strings.Contains(m.args, "--rate") && (args[0] == "run" || args[0] == "compare") {
				args = append(args, "-n", "2", "--rate", "1000")
			}
			reported := append(args[:len(args):len(args)], "--report", "json="+dir+"/report.json", "--report", "html="+dir+"/report.html")
			for _, args := range [][]string{args, reported} {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				var out, errs bytes.Buffer
				Main(ctx, args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: os.Getenv, Environ: os.Environ()}, "v0")
				cancel()
				if output := out.String() + errs.String(); slips.Shown(output, slips.Canary) {
					t.Errorf("%s\n%s", args, output)
				}
			}
			filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() || given[path] {
					return err
				}
				text, err := os.ReadFile(path)
				if slips.Shown(path[len(dir):]+string(text), slips.Canary) {
					t.Errorf("%s\n%s", path, text)
				}
				return err
			})
		})
	}
}
