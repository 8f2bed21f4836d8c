// Package goproxy publishes the work tree's modules to a module proxy in a
// folder (go.dev/ref/mod#goproxy-protocol), so that go commands run as they will
// once the modules are out: with GOWORK=off, versions, and hashes.
//
// In comes a checkout and the versions that its modules are to have; out comes
// the environment for go commands. Its users are scripts/rehearse and
// scripts/release.
package goproxy
