package cli

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/shared/redact/slips"
	"github.com/seniorbackend/tools/shared/terminal"
)

var mistakes = []slips.Mistake{
	// A URL with a secret where another value belongs.
	{Args: "run URL --output http://u:SECRET@h/r.txt"},
	{Args: "run URL --save http://u:SECRET@h/r.ltr"},
	{Args: "run URL --results http://u:SECRET@h/r.csv"},
	{Args: "run URL --report html=http://u:SECRET@h/r.html"},
	{Args: "run URL --report http://u:SECRET@h/r.html"},
	{Args: "run URL --metrics-listen http://u:SECRET@127.0.0.1:1"},
	{Args: "run URL --rate http://u:SECRET@h/"},
	{Args: "run URL --timeout token=SECRET"},
	{Args: "run URL --host http://u:SECRET@h/"},
	{Args: "run URL --sni http://u:SECRET@h/"},
	{Args: "run URL --local-address http://u:SECRET@h/"},
	{Args: "run URL --unix-socket http://u:SECRET@h/"},
	{Args: "run URL --ca-file http://u:SECRET@h/"},
	{Args: "run URL --cert http://u:SECRET@h/ --key http://u:SECRET@h/"},
	{Args: "run URL --engine http://u:SECRET@h/"},
	{Args: "run URL --arrivals http://u:SECRET@h/"},
	{Args: "run URL --abort-on http://u:SECRET@h/"},
	{Args: "run URL --slo-for http://u:SECRET@h/=p99<1s"},
	{Args: "run URL --expect-status http://u:SECRET@h/"},
	{Args: "run URL --start-at http://u:SECRET@h/"},
	{Args: "run URL --shard http://u:SECRET@h/"},
	{Args: "run URL --method http://u:SECRET@h/"},
	{Args: "run URL --feed http://u:SECRET@h/"},
	{Args: "run URL --replay http://u:SECRET@h/"},
	{Args: "capacity URL --slo http://u:SECRET@h/"},
	{Args: "check http://u:SECRET@127.0.0.1:1/"},
	{Args: "completion http://u:SECRET@h/"},
	{Args: "man http://u:SECRET@h/"},
	// Where it belongs, and something else is wrong or it is told again.
	{Args: "run http://u:SECRET@HOST/"},
	{Args: "run http://u:SECRET@HOST/ --format html"},
	{Args: "run http://u:SECRET@HOST/ --http2"},
	{Args: "run http://u:SECRET@HOST/%zz"},
	{Args: "run http://u:%zzSECRET@HOST/"},
	{Args: "run URL?access_token=SECRET --format markdown"},
	{Args: "run URL?X-Amz-Signature=SECRET&x=1 --format junit --expect-status 200"},
	{Args: "run URL/a;token=SECRET --format github --expect-status 200"},
	{Args: "run URL -H Authorization:_Bearer_SECRET --expect-body never"},
	{Args: "run URL -H Authorization:_Basic_dTpTRUNSRVQ= --form password=SECRET --expect-body never"},
	{Args: "run URL -H X-Api-Key:_SECRET --save DIR/run.ltr"},
	{Args: "run URL -H Cookie:_sid=SECRET;_b=2 --save DIR/run.ltr --results DIR/rows.csv"},
	{Args: "run URL?token=SECRET --save DIR/run.ltr --results DIR/rows.jsonl"},
	{Args: "run URL -H Authorization:Bearer_SECRET\nX:_y"},
	{Args: "run URL -H Bearer_SECRET"},
	{Args: "run URL -H :_SECRET"},
	{Args: "run URL --form password=SECRET --form token=SECRET --method GET --http3"},
	{Args: "run URL --multipart token=@DIR/missing-SECRET"},
	{Args: "run URL -d @DIR/token=SECRET"},
	{Args: "run URL -d {\"password\":\"SECRET\"} --template --expect-body x"},
	{Args: "run URL -d {\"password\":\"{{SECRET\"}"},
	{Args: "run URL -d {\"password\":\"{{bogus_SECRET}}\"}"},
	{Args: "run URL --set password=SECRET"},
	{Args: "run URL --set token:SECRET --openapi DIR/a.yaml", Files: map[string]string{"a.yaml": "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/: {get: {parameters: [{name: token, in: query, schema: {type: integer}}], responses: {'200': {description: a}}}}}\n"}},
	{Args: "run URL --openapi DIR/a.yaml --set token=SECRET", Files: map[string]string{"a.yaml": "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/: {get: {parameters: [{name: token, in: query, schema: {type: integer}}], responses: {'200': {description: a}}}}}\n"}},
	{Args: "run --openapi DIR/a.yaml", Files: map[string]string{"a.yaml": "openapi: 3.0.0\nservers: [{url: 'http://u:SECRET@127.0.0.1:1/'}]\ninfo: {title: a, version: '1'}\npaths: {/: {get: {responses: {'200': {description: a}}}}}\n"}},
	{Args: "run URL --proxy http://u:SECRET@127.0.0.1:1"},
	{Args: "run URL --proxy socks5://u:SECRET@127.0.0.1:1"},
	{Args: "run http://example.invalid/", Env: "HTTP_PROXY=http://u:SECRET@127.0.0.1:1"},
	{Args: "run http://example.invalid/", Env: "http_proxy=u:SECRET@127.0.0.1:1:2"},
	// curl.
	{Args: "run --curl curl_-u_u:SECRET_URL"},
	{Args: "run --curl curl_-H_'Authorization:_Bearer_SECRET'_URL_--bogus"},
	{Args: "run --curl curl_-H_'Authorization:_Bearer_SECRET_URL"},
	{Args: "run --curl curl_--user_u:SECRET_--digest_URL"},
	{Args: "run --curl curl_-b_sid=SECRET_URL_-o_x"},
	{Args: "run --curl curl_-b_DIR/SECRET_URL"},
	{Args: "run --curl curl_-d_'{\"password\":\"SECRET\"}'_URL_--data-bogus"},
	{Args: "run --curl curl_-F_password=SECRET_URL_--retry"},
	{Args: "run --curl curl_-x_http://u:SECRET@127.0.0.1:1_URL"},
	{Args: "run --curl wget_--header='Authorization:_Bearer_SECRET'_URL"},
	{Args: "run --curl -_-H_token:SECRET"},
	{Args: "run --curl curl_--aws-sigv4_aws:amz_--user_AKIAKEY:SECRET_URL"},
	{Args: "run --curl curl_-E_DIR/cert.pem:SECRET_URL"},
	{Args: "run --curl curl_--pass_SECRET_URL"},
	{Args: "run --curl @DIR/c.sh", Files: map[string]string{"c.sh": "curl -H 'Authorization: Bearer SECRET' 'unclosed\n"}},
	// Files of requests.
	{Args: "run URL --targets DIR/t.txt", Files: map[string]string{"t.txt": "GET URL\nAuthorization Bearer SECRET\n"}},
	{Args: "run URL --targets DIR/t.yaml", Files: map[string]string{"t.yaml": "targets:\n- url: http://u:SECRET@h:port/\n"}},
	{Args: "run URL --targets DIR/t.yaml", Files: map[string]string{"t.yaml": "targets:\n- url: URL\n  headers: {Authorization: *SECRET}\n"}},
	{Args: "run URL --targets DIR/t.yaml", Files: map[string]string{"t.yaml": "targets:\n- url: URL\n  headers: [Authorization: Bearer SECRET]\n  x: 1\n"}},
	{Args: "run URL --targets DIR/t.yaml", Files: map[string]string{"t.yaml": "targets:\n- url: URL\n  password: SECRET\n"}},
	{Args: "run URL --targets DIR/t.yaml", Files: map[string]string{"t.yaml": "targets:\n- url: /?token=SECRET\n  name: token=SECRET\n  body: '{\"password\": \"SECRET\"'\n"}},
	{Args: "run URL --har DIR/h.har", Files: map[string]string{"h.har": `{"log": {"entries": [{"request": {"method": "GET", "url": "http://u:SECRET@h:port/", "headers": []}}]}}`}},
	{Args: "run URL --har DIR/h.har", Files: map[string]string{"h.har": `{"log": {"entries": [{"startedDateTime": "token=SECRET", "request": {"method": "GET SECRET", "url": "URL/?token=SECRET", "headers": [{"name": "Cookie", "value": "a=SECRET"}]}}]}}`}},
	{Args: "run URL --har DIR/h.har", Files: map[string]string{"h.har": `{"log": {"entries": [{"request": {"password": "SECRET`}},
	{Args: "run URL --replay DIR/a.log", Files: map[string]string{"a.log": "1.2.3.4 - u [10/Oct/2026:13:55:36 +0000] \"GET /?token=SECRET HTTP/1.1\" 200 1 \"http://u:SECRET@h/\" \"x\"\nbroken token=SECRET line\n"}},
	{Args: "run URL/{{u.token}} --feed u=DIR/f.csv", Files: map[string]string{"f.csv": "token,x\nSECRET\n\"SECRET"}},
	{Args: "run URL/{{f.password}} --feed DIR/f.csv --expect-body never", Files: map[string]string{"f.csv": "password\nSECRET\n"}},
	{Args: "run URL --config DIR/c.yaml", Files: map[string]string{"c.yaml": "header: *SECRET\n"}},
	{Args: "run URL --config DIR/c.yaml", Files: map[string]string{"c.yaml": "headr: ['Authorization: Bearer SECRET']\n"}},
	{Args: "run URL --config DIR/c.yaml", Files: map[string]string{"c.yaml": "header:\n  Authorization: Bearer SECRET\n"}},
	{Args: "run URL --config DIR/c.yaml", Files: map[string]string{"c.yaml": "run:\n  header: ['Authorization: Bearer SECRET']\n  rate: token=SECRET\n"}},
	{Args: "run URL --config DIR/c.yaml", Files: map[string]string{"c.yaml": "Authorization: Bearer SECRET\n"}},
	{Args: "run URL", Env: "LOADTESTER_HEADER=Authorization Bearer SECRET"},
	{Args: "run URL", Env: "LOADTESTER_PROXY=u:SECRET@127.0.0.1"},
	{Args: "run URL", Env: "LOADTESTER_OUTPUT=http://u:SECRET@h/x"},
	{Args: "run", Env: "LOADTESTER_CURL=curl -u u:SECRET --bogus"},
	// What was saved, and what belongs to two runs.
	{Args: "report DIR/r.ltr", Files: map[string]string{"r.ltr": "{\"token\": \"SECRET\", \"url\": \"http://u:SECRET@h/"}},
	{Args: "report http://u:SECRET@h/r.ltr"},
	{Args: "report DIR/password=SECRET.ltr"},
	{Args: "merge http://u:SECRET@h/ DIR/x.ltr --output http://u:SECRET@h/o"},
	{Args: "compare URL?token=SECRET http://u:SECRET@HOST/"},
	{Args: "compare URL http://u:SECRET@HOST/ --format html --report json=DIR/c.json"},
	{Args: "check URL?token=SECRET -H Authorization:_Bearer_SECRET --expect-body never"},
	{Args: "check http://u:SECRET@HOST/ -d password=SECRET --format json"},
	{Args: "check --curl curl_-u_u:SECRET_-b_sid=SECRET_URL --format html --report html=DIR/x.html"},
	{Args: "capacity http://u:SECRET@HOST/?token=SECRET --slo p99<1s,errors<1% --max-rate 20 --step 1"},
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
		t.Run(m.Name(), func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			leaks, err := slips.Driver{
				Dir: dir, Setenv: t.Setenv, Names: []string{"URL", server.URL, "HOST", strings.TrimPrefix(server.URL, "http://")},
				More: func(args []string) []string {
					if !strings.Contains(m.Args, "--rate") && (args[0] == "run" || args[0] == "compare") {
						return append(args, "-n", "2", "--rate", "1000")
					}
					return args
				},
				Run: func(args []string) string {
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					var out, errs bytes.Buffer
					Main(ctx, args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: os.Getenv, Environ: os.Environ()}, "v0")
					return out.String() + errs.String()
				},
			}.Leaks(m)
			if err != nil || len(leaks) > 0 {
				t.Errorf("%s%v", strings.Join(leaks, "\n"), err)
			}
		})
	}
}
