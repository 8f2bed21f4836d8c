// Command release makes what is published of one tool at one version:
//
//	go run ./scripts/release -output dist loadtester v1.2.3
//	go run ./scripts/release -rehearse -output dist loadtester v1.2.3
//
// It checks that the version may be released, builds it for each platform as
// go install does, and writes into the output folder: archives, deb and rpm
// packages, a Homebrew formula, the folder of a container image, npm packages
// (of the scaffolder), an SPDX list of what is inside, and checksums. The same
// version gives the same bytes on every machine.
//
// In comes a tag TOOL/VERSION, or with -rehearse the work tree as if it were
// published; out comes a folder. Nothing is uploaded: docs/releasing.md says how
// an owner publishes the folder.
//
// From the tag on: check.go says whether it may go out, build.go makes the
// programs, contents.go what lies beside a program, modules.go what is inside
// it; archive.go, packages.go, formula.go, image.go, npm.go and sbom.go each
// write one form of it.
package main
