// Package spelling checks the words of the documentation and of the comments in the
// code. npm/words.txt has the project's own; names of the code belong in backquotes.
package spelling
