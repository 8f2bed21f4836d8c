// Package plot draws a result's pictures for the html report: plain SVG, without
// scripts, in the colours of the reader's scheme (light or dark).
//
// Blue, orange, teal and grey can be told apart by colour-blind people; red stands
// for failures only. Lines are named where they end. Each picture has a title that
// says what to see and an alternative text; the figures behind it stand in the
// report's tables as well. Data comes from package result; nothing from outside
// (names, URLs) is drawn unescaped.
package plot
