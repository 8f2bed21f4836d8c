// Package edits reads what somebody changed in a project that scaffolder generated, and
// changes the model that it was generated from likewise.
//
// Its data are files in two states: as they were generated and as they are now. What
// differs between the two is the edit: a declaration of types/api.ts, a function of
// middleware/validators.ts, a registration of routes/_register.ts, a status in a handler.
// Each edit that is read becomes a change of the model with a notice. Whether it was read
// as a whole is judged by generating again: Left compares what comes out with the edited
// file.
package edits
