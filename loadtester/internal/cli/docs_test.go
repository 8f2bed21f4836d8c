package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

const docs = "../../../docs/loadtester"

// checkSchema holds a JSON report against its schema in the documentation.
func checkSchema(t *testing.T, name, report string) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(docs, name))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v", err)
	}
}

// The JSON form is what its schema says: of open and closed loops, with and
// without failures, findings and expectations.
func TestJSONSchemaOfRun(t *testing.T) {
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(503)
		}
	})
	for _, args := range [][]string{
		{url, "--rate", "200", "--duration", "1.2", "--warmup", "0.2"},
		{url, "--concurrency", "3", "--requests", "50"},
		{url + "/bad", "--rate", "100", "--requests", "20", "--shard", "1/2", "--arrivals", "poisson"},
		{url, "--rate", "100", "--requests", "20", "--slo", "p99<1ms,errors<1%", "--expect-status", "200"},
		{url, "--rate", "100", "--requests", "20", "--expect-body", "nothing"},
		{url, "--rate", "100", "--requests", "20", "--openapi", "../target/openapi/testdata/shop.yaml", "--invalid"},
	} {
		code, stdout, stderr := tool(t, append(args, "--format", "json")...)
		if code > 1 {
			t.Fatalf("%v: exit %d, %s", args, code, stderr)
		}
		checkSchema(t, "run.schema.json", stdout)
		checkPromise(t, stdout)
	}
}

// checkPromise looks for the keys that are promised to programs, whatever the
// schema says.
func checkPromise(t *testing.T, report string) {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(report), &value); err != nil {
		t.Fatal(err)
	}
	times := []string{"min", "mean", "p50", "p90", "p95", "p99", "p99_9", "p99_99", "max"}
	for key, inner := range map[string][]string{
		"requests": {"sent", "completed", "failed", "shortfall"}, "rate": {"target", "achieved"}, "latency_ms": times, "service_ms": times,
		"send_lag_us": {"p50", "p99", "p99_9", "max"}, "generator": {"cpu_seconds", "peak_rss_bytes"},
		"statuses": nil, "errors": nil, "verdict": nil, "measurement": nil, "arrival": nil, "duration_s": nil,
	} {
		if _, ok := value[key]; !ok {
			t.Errorf("the key %s is promised, and is not there", key)
		}
		for _, name := range inner {
			object, _ := value[key].(map[string]any)
			if _, ok := object[name]; !ok {
				t.Errorf("the key %s.%s is promised, and is not there", key, name)
			}
		}
	}
}

// The Kubernetes manifest is an Indexed Job, and its command line runs.
func TestKubernetesManifest(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(docs, "kubernetes-job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var job any
	if err := yaml.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	form, err := jsonschema.UnmarshalJSON(strings.NewReader(indexedJob))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("job.json", form); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("job.json")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(plain)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Spec struct {
			Template struct {
				Spec struct{ Containers []struct{ Args []string } }
			}
		}
	}
	if err := json.Unmarshal(plain, &read); err != nil {
		t.Fatal(err)
	}
	url, hits := echo(t, nil)
	t.Setenv("JOB_COMPLETION_INDEX", "3")
	var args []string
	for _, a := range read.Spec.Template.Spec.Containers[0].Args {
		switch {
		case strings.HasPrefix(a, "--start-at"):
			continue
		case strings.HasPrefix(a, "https://"):
			a = url
		case strings.HasPrefix(a, "--rate"), strings.HasPrefix(a, "--duration"):
			a = map[byte]string{'r': "--rate=400", 'd': "--duration=0.5"}[a[2]]
		}
		args = append(args, a)
	}
	if code, stdout, stderr := tool(t, args...); code != 0 || hits.Load() != 50 || !strings.Contains(stdout, `"shard": "4/4"`) {
		t.Errorf("exit %d, %d requests\n%s", code, hits.Load(), stderr)
	}
}

// indexedJob is what Kubernetes asks of an Indexed Job (batch/v1), as far as ours
// goes: unknown fields are refused, as kubectl does.
const indexedJob = `{
  "type": "object", "additionalProperties": false, "required": ["apiVersion", "kind", "metadata", "spec"],
  "properties": {
    "apiVersion": {"const": "batch/v1"}, "kind": {"const": "Job"},
    "metadata": {"type": "object", "required": ["name"], "properties": {"name": {"pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}}},
    "spec": {
      "type": "object", "additionalProperties": false, "required": ["completionMode", "completions", "parallelism", "template"],
      "properties": {
        "completionMode": {"const": "Indexed"}, "completions": {"type": "integer", "minimum": 1}, "parallelism": {"type": "integer", "minimum": 1},
        "backoffLimit": {"type": "integer", "minimum": 0},
        "template": {"type": "object", "additionalProperties": false, "required": ["spec"], "properties": {"spec": {
          "type": "object", "additionalProperties": false, "required": ["restartPolicy", "containers"],
          "properties": {
            "restartPolicy": {"enum": ["Never", "OnFailure"]},
            "containers": {"type": "array", "minItems": 1, "items": {
              "type": "object", "additionalProperties": false, "required": ["name", "image"],
              "properties": {
                "name": {"type": "string"}, "image": {"type": "string"}, "args": {"type": "array", "items": {"type": "string"}},
                "env": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["name", "value"],
                  "properties": {"name": {"type": "string"}, "value": {"type": "string"}}}},
                "resources": {"type": "object", "additionalProperties": false, "properties": {
                  "requests": {"type": "object", "additionalProperties": {"type": "string"}}, "limits": {"type": "object", "additionalProperties": {"type": "string"}}}}
              }}}
          }}}}
      }}
  }}`

// The script for several machines works; here the machines are this one, as three
// addresses that are asked for by name.
func TestMachinesScript(t *testing.T) {
	url, hits := echo(t, nil)
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "loadtester"), "../..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	remote := filepath.Join(dir, "remote") // in the place of ssh: remote HOST COMMAND...
	if err := os.WriteFile(remote, []byte("#!/bin/sh\nhost=$1\nshift\nexec \"$@\" --local-address \"$host\" --allow-generator-limited\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	script := exec.Command("sh", filepath.Join(docs, "machines.sh"), url, "127.0.0.1", "127.0.0.2", "127.0.0.3")
	script.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "SSH="+remote, "LEAD=2", "RATE=150", "DURATION=1")
	out, err := script.CombinedOutput()
	if err != nil || hits.Load() != 150 || !strings.Contains(string(out), "150 of 150 requests sent") {
		t.Errorf("%v, %d requests\n%s", err, hits.Load(), out)
	}
}
