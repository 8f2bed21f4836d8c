package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// validating is a server that checks bodies of POST /v1/items by the document's
// schema, with a validator that knows nothing of us.
func validating(t *testing.T, file string) (url string, seen func() map[string]bool) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	data, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("mem:///doc.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("mem:///doc.json#/components/schemas/NewItem")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	paths := map[string]bool{}
	url, _ = echo(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths[r.Method+" "+r.URL.Path] = true
		mu.Unlock()
		if r.Method != http.MethodPost || r.URL.Path != "/v1/items" {
			return
		}
		v, err := jsonschema.UnmarshalJSON(r.Body)
		if err == nil {
			err = schema.Validate(v)
		}
		if tenant := r.Header.Get("X-Tenant"); err != nil || len(tenant) < 5 || tenant[3] != '-' {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, "{}")
	})
	return url, func() map[string]bool { return paths }
}

func TestRequestsFromADocument(t *testing.T) {
	const file = "../target/openapi/testdata/shop.yaml"
	url, seen := validating(t, file)
	code, stdout, stderr := tool(t, url, "--openapi", file, "--requests", "20", "--rate", "200", "--expect-status", "200")
	if code != 0 || !strings.Contains(stderr, file+": requests go to "+url+"/v1") {
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
	if len(seen()) != 5 {
		t.Errorf("requests to %v", seen())
	}
	code, stdout, stderr = tool(t, url, "--openapi", file, "--operation", "createItem", "--invalid", "--requests", "60", "--rate", "300", "--expect-status", "400")
	if code != 0 {
		t.Errorf("a mutant passed: exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr = tool(t, url, "--openapi", file, "--operation", "listItems", "--invalid", "--requests", "10")
	if code != 1 || !strings.Contains(stdout, "RECOMMENDATION (error): 7 of 7 requests that break a rule") || !strings.Contains(stdout, "header X-Tenant is missing: HTTP 200") {
		t.Errorf("a server that checks nothing: exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr = tool(t, url, "--openapi", file, "--operation", "POST /items", "--requests", "5", "--expect-status", "400")
	if code != 1 {
		t.Errorf("a valid request was refused: exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr = tool(t, "capacity", url, "--openapi", file, "--from", "100", "--max", "100", "--step", "1", "--warmup", "0")
	if code != 0 {
		t.Errorf("capacity: exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr = tool(t, "compare", url, url, "--openapi", file, "--invalid", "--operation", "createItem", "--requests", "40", "--rate", "100")
	if code != 0 {
		t.Errorf("compare: exit %d\n%s%s", code, stdout, stderr)
	}
}
