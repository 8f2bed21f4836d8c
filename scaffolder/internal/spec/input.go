package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// DefaultLimit is the size in bytes up to which a document is read.
const DefaultLimit = 64 << 20

// Options say how a document is read. The zero value is strict.
type Options struct {
	// Root is the directory that references to other files may not leave;
	// "" is the document's own directory.
	Root string
	// Limit is the size in bytes of the largest file that is read; 0 is
	// DefaultLimit.
	Limit int64
	// Lenient bends what can be bent in a broken document (an operationId
	// given twice, a path parameter that is not declared) and says so in a
	// notice instead of failing.
	Lenient bool
}

func (o Options) limit() int64 {
	if o.Limit > 0 {
		return o.Limit
	}
	return DefaultLimit
}

// Input is a document that has been loaded but not understood yet.
type Input struct {
	Name string // as the user gave it; "-" is stdin
	Data []byte
}

// Load reads the document name, or stdin where name is "-".
func Load(name string, stdin io.Reader, o Options) (Input, error) {
	if name == "-" {
		data, err := readLimited(stdin, o.limit(), "standard input")
		return Input{Name: name, Data: data}, err
	}
	info, err := os.Stat(name)
	switch {
	case err != nil && (strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")):
		return Input{}, problem.Wrap(err, "curl -sS URL | scaffolder generate -", "documents are not read from the network")
	case errors.Is(err, fs.ErrNotExist):
		return Input{}, problem.Wrap(err, "give the path of an OpenAPI document (YAML or JSON), or - for stdin", "%s does not exist", name)
	case err != nil:
		return Input{}, problem.Wrap(err, "", "cannot read %s: %v", name, cause(err))
	case info.IsDir():
		return Input{}, problem.New("name the OpenAPI document in it, for example "+filepath.Join(name, "openapi.yaml"), "%s is a directory, not an OpenAPI document", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return Input{}, problem.Wrap(err, "check who may read it", "cannot read %s: %v", name, cause(err))
	}
	defer f.Close()
	if info.Mode().IsRegular() && info.Size() > o.limit() {
		return Input{}, tooLarge(name, o.limit())
	}
	data, err := readLimited(f, o.limit(), name)
	return Input{Name: name, Data: data}, err
}

func tooLarge(name string, limit int64) error {
	return problem.New("raise the limit with --max-size, or split the document", "%s is larger than %s", name, megabytes(limit))
}

// readLimited reads all of r, and fails where it is longer than limit.
func readLimited(r io.Reader, limit int64, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, problem.Wrap(err, "", "cannot read %s: %v", name, cause(err))
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(name, limit)
	}
	return data, nil
}

func megabytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// cause is the reason of a file error without its path, which the message has.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
