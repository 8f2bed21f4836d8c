// Package pages runs what the documentation tells people to type: every block of
// shell in the pages that it lists, against real servers.
//
// In comes Markdown; out comes whether each of its commands works as the page
// says. It holds tests only.
package pages
