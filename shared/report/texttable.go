package report

import (
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

func (t *textWriter) table(b Table) {
	if b.Caption != "" {
		t.hanging("  ", b.Caption)
	}
	widths, fits := fit(b, t.width)
	if !fits {
		t.stacked(b)
		return
	}
	tw := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatDefault
	tw.SetStyle(style)
	tw.SuppressTrailingSpaces()

	header := make(table.Row, len(b.Columns))
	configs := make([]table.ColumnConfig, len(b.Columns))
	for i, c := range b.Columns {
		header[i] = t.paint(text.Bold, plain(c.Title))
		configs[i] = table.ColumnConfig{Number: i + 1, AlignHeader: text.AlignLeft, WidthMax: widths[i], WidthMaxEnforcer: text.WrapSoft}
		if c.Right {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	tw.AppendHeader(header)
	tw.SetColumnConfigs(configs)
	for _, row := range b.Rows {
		cells := make(table.Row, len(row))
		for i, c := range row {
			cells[i] = t.paintStatus(c.Status, plain(c.Text))
		}
		tw.AppendRow(cells)
	}
	for l := range strings.SplitSeq(tw.Render(), "\n") {
		t.line(strings.TrimRight("  "+l, " "))
	}
}

// narrowest is what a column is never made narrower than.
const narrowest = 12

// fit gives the columns' widths so that the table fits into width, with its
// indent and two spaces between columns: the widest column of text gives way
// first, and numbers never do. It may not fit for all that.
func fit(b Table, width int) (widths []int, fits bool) {
	widths = make([]int, len(b.Columns))
	total := 2 + 2*len(b.Columns)
	for i, c := range b.Columns {
		widths[i] = utf8.RuneCountInString(c.Title)
		for _, row := range b.Rows {
			if i < len(row) {
				widths[i] = max(widths[i], utf8.RuneCountInString(row[i].Text))
			}
		}
		total += widths[i]
	}
	for ; total > width; total-- {
		widest := -1
		for i, c := range b.Columns {
			if !c.Right && widths[i] > narrowest && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return widths, total-2 <= width // nothing stands after the last column
		}
		widths[widest]--
	}
	return widths, true
}

// stacked writes a table that is too wide row by row: what the row is of, and under
// it each value with its column's title.
func (t *textWriter) stacked(b Table) {
	for _, row := range b.Rows {
		if len(row) == 0 {
			continue
		}
		title := row[0].Text
		if b.Columns[0].Right { // a number alone says nothing
			title = b.Columns[0].Title + " " + title
		}
		t.hanging("  ", title)
		var facts []Fact
		for i, c := range row[1:] {
			if c.Text != "" {
				facts = append(facts, Fact{b.Columns[i+1].Title, c.Text})
			}
		}
		if len(facts) > 0 {
			t.facts("    ", facts)
		}
	}
}
