// Package look opens the HTML reports of the three tools in Chromium, as people do:
// on a wide screen, on a phone, in the dark and on paper. Nothing may be fetched,
// nothing logged, nothing wider than the window, and axe finds nothing.
package look
