package report
import "io"
func writeText(w io.Writer, r *Report, o Options) error { return nil }
func writeMarkdown(w io.Writer, r *Report) error { return nil }
func writeJSON(w io.Writer, r *Report) error { return nil }
func writeHTML(w io.Writer, r *Report) error { return nil }
func writeJUnit(w io.Writer, r *Report) error { return nil }
func writeGitHub(w io.Writer, r *Report) error { return nil }
