package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// days is a duration that may be given in days: 30d.
type days time.Duration

// UnmarshalText reads what seconds reads, and 7d.
func (d *days) UnmarshalText(text []byte) error {
	if n, ok := strings.CutSuffix(string(text), "d"); ok {
		count, err := strconv.ParseFloat(n, 64)
		if err != nil || count < 0 || count > 36500 {
			return fmt.Errorf("%q is not a duration: write 30d, 12h or 30 (seconds)", text)
		}
		*d = days(count * 24 * float64(time.Hour))
		return nil
	}
	parsed, err := parseSeconds(string(text))
	*d = days(parsed)
	return err
}
