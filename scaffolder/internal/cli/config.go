package cli

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/alecthomas/kong"
)

// envPrefix begins the environment variable of each flag: SCAFFOLDER_NO_COLOR.
const envPrefix = "SCAFFOLDER"

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
