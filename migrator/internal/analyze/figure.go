package analyze

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

// size writes bytes, which PostgreSQL counts with a sign.
func size(bytes int64) string { return report.Bytes(uint64(max(bytes, 0))) }

// Span writes how long something has lasted, roughly.
func Span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	}
	return fmt.Sprintf("%d seconds", int(d.Seconds()))
}
