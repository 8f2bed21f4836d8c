// Package refactor renames and moves handlers in the files that are the user's, where the
// document gives their operations other names or tags: declarations, imports, and what is
// said of them by name. It reads source files and the names that change, and gives the
// texts as they are to be; it writes nothing.
//
// It changes what it can follow: imports, and the names that they bind. A handler that it
// cannot follow is refused with the reason, and what may mean it elsewhere is told.
package refactor
