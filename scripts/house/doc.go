// Package house holds the tests of what is true of the whole workspace and of
// no module alone: who may import whom, that go.mod files can be installed
// from, that what the tools share by copy stays the same, that the documentation
// of the layout is true.
package house
