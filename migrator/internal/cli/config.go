package cli

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"time"

	"github.com/alecthomas/kong"
	kongyaml "github.com/alecthomas/kong-yaml"

	"github.com/seniorbackend/tools/shared/problem"
)

// envPrefix begins the environment variable of each flag: MIGRATOR_NO_COLOR.
const envPrefix = "MIGRATOR"

// configuration reads a configuration file for kong.
func configuration(r io.Reader) (kong.Resolver, error) {
	file, err := kongyaml.Loader(r)
	if err != nil {
		return nil, problem.Wrap(err, "it is YAML: one flag a line, e.g. no-color: true", "configuration file: %v", err)
	}
	return environmentFirst{file}, nil
}

// environmentFirst keeps the order flag > environment > file: kong by itself
// lets the file win over the environment.
type environmentFirst struct{ kong.Resolver }

func (r environmentFirst) Resolve(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return r.Resolver.Resolve(ctx, parent, flag)
}

// seconds is a duration on the command line: 30 and 30s are the same, 2m and
// 1.5 work too.
type seconds time.Duration

func decodeSeconds(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("duration", &text); err != nil {
		return err
	}
	d, err := parseSeconds(text)
	if err != nil {
		return err
	}
	target.SetInt(int64(d))
	return nil
}

func parseSeconds(text string) (time.Duration, error) {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if d := n * float64(time.Second); d > -1<<62 && d < 1<<62 {
			return time.Duration(d), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil {
		return d, nil
	}
	return 0, fmt.Errorf("%q is not a duration: write 30 (seconds), 30s or 2m", text)
}
