package result

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/seniorbackend/tools/loadtester/internal/footprint"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/shared/problem"
)

// A result file is JSON in gzip. Its size depends on the length of the run (up
// to 2,048 cells) and on how spread the times are, not on the number of requests.
const (
	format  = "loadtester.result"
	Search  = "loadtester.search" // what package capacity writes
	version = 1
	// largest bounds what is read, unpacked: a file of 2,048 full cells has a
	// few megabytes.
	largest = 64 << 20
)

type file struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Run       Run            `json:"run"`
	Generator Generator      `json:"generator"`
	Record    *record.Record `json:"record"`
}

// Encode makes r a result file's contents.
func (r *Result) Encode() ([]byte, error) {
	// Each histogram's compressor is a megabyte, and garbage right after it.
	defer footprint.Sparing()()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if err := json.NewEncoder(z).Encode(file{format, version, r.Run, r.Generator, r.Record}); err != nil {
		return nil, fmt.Errorf("encode the result: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode the result: %w", err)
	}
	return packed.Bytes(), nil
}

// Decode reads a result file, or the JSON form of a report that holds one.
func Decode(r io.Reader) (*Result, error) {
	text, err := io.ReadAll(io.LimitReader(r, largest))
	if err != nil {
		return nil, err
	}
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '{' {
		var report struct {
			Schema string `json:"schema"`
			Result string `json:"result"`
		}
		if err := json.Unmarshal(trimmed, &report); err != nil {
			return nil, fmt.Errorf("it is not whole JSON: %w", err)
		}
		if report.Result == "" {
			return nil, errors.New("this JSON holds no result of a run")
		}
		if text, err = base64.StdEncoding.DecodeString(report.Result); err != nil {
			return nil, fmt.Errorf("its result is damaged: %w", err)
		}
	}
	return unpack(text)
}

func unpack(text []byte) (*Result, error) {
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, errors.New("it is no result file")
	}
	// A buffer that doubles leaves a third of the garbage that ReadAll would.
	var unpacked bytes.Buffer
	if _, err = unpacked.ReadFrom(io.LimitReader(z, largest+1)); err != nil {
		return nil, fmt.Errorf("it is damaged or cut off: %w", err)
	}
	plain := unpacked.Bytes()
	if len(plain) > largest {
		return nil, errors.New("it is larger than any result")
	}
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	err = json.Unmarshal(plain, &head)
	switch {
	case err == nil && head.Format == Search:
		return nil, errors.New("it holds a search for the capacity, which only report shows")
	case err != nil || head.Format != format:
		return nil, errors.New("it is no result file")
	}
	if head.Version > version {
		return nil, fmt.Errorf("it is of version %d, and this loadtester reads up to %d", head.Version, version)
	}
	f := file{Record: record.New()}
	if err := json.Unmarshal(plain, &f); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if f.Record == nil {
		return nil, errors.New("it is damaged: it has no record")
	}
	return &Result{Run: f.Run, Record: f.Record, Generator: f.Generator}, nil
}

// ReadFile reads a result file or a JSON report; "-" is standard input. Its
// errors are for users.
func ReadFile(name string, stdin io.Reader) (*Result, error) {
	text, err := Content(name, stdin)
	if err != nil {
		return nil, err
	}
	return Parse(name, text)
}

// Parse reads what Content gave of a file of that name.
func Parse(name string, text []byte) (*Result, error) {
	r, err := Decode(bytes.NewReader(text))
	if err != nil {
		return nil, Unreadable(name, err)
	}
	return r, nil
}

// Content is what a file holds, whether it is a result or not.
func Content(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		text, err := io.ReadAll(io.LimitReader(stdin, largest))
		if err != nil {
			return nil, Unreadable(name, err)
		}
		return text, nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, problem.New("name a file in it", "%s is a directory", name)
	}
	f, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, problem.Wrap(err, "loadtester run … --save FILE writes one", "the result file %s does not exist", name)
	case err != nil:
		return nil, problem.Wrap(err, "", "the result file %s cannot be read: %v", name, errors.Unwrap(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largest))
	if err != nil {
		return nil, Unreadable(name, err)
	}
	return text, nil
}

// Unreadable is the error of a file that is no result.
func Unreadable(name string, err error) error {
	if name == "-" {
		name = "standard input"
	}
	return problem.Wrap(err, "name a file that was written by --save or by --format json", "%s cannot be read as a result: %v", name, err)
}
