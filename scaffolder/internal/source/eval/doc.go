// Package eval runs TypeScript and JavaScript abstractly: it takes syntax trees and
// gives values. It knows the language only; what a library or a framework does comes
// from Libraries that are handed to it.
//
// A value is what it would be at run time where that can be known. Whatever comes
// from outside of the project is a Term: a record of how it was made (an import, a
// member of it, a call with these arguments), so that whoever knows the library can
// read it later. A condition that is not known takes both branches, and what they
// assign is joined to a Union. Functions that are handed to unknown code are entered
// once with unknown arguments, since somebody is going to call them.
//
// Everything costs steps, and steps are bounded: a run always ends. What could not be
// known, and where steps ran out, is in Diagnostics.
package eval
