// Package buildinfo says which build of a tool is running.
package buildinfo

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Info describes a build.
type Info struct {
	Tool      string
	Version   string // "v1.2.3"; "(devel)" where nothing says
	Revision  string // of the version control system; may be empty
	Modified  bool   // the work tree had changes
	GoVersion string
	Platform  string // "linux/amd64"
}

// Read describes the running program. linked is the version set by -ldflags
// "-X main.version=v1.2.3"; without it the module's version from the build
// (go install path@version) is taken, else "(devel)" and the revision.
func Read(tool, linked string) Info {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		build = &debug.BuildInfo{}
	}
	return from(tool, linked, build)
}

func from(tool, linked string, build *debug.BuildInfo) Info {
	info := Info{
		Tool:      tool,
		Version:   linked,
		GoVersion: runtime.Version(),
		Platform:  runtime.GOOS + "/" + runtime.GOARCH,
	}
	if info.Version == "" {
		info.Version = build.Main.Version
	}
	if info.Version == "" {
		info.Version = "(devel)"
	}
	for _, s := range build.Settings {
		switch s.Key {
		case "vcs.revision":
			info.Revision = s.Value
		case "vcs.modified":
			info.Modified = s.Value == "true"
		}
	}
	return info
}

// Short is "loadtester v1.2.3".
func (i Info) Short() string { return i.Tool + " " + i.Version }

// String is what --version prints: one line.
func (i Info) String() string {
	s := i.Short()
	if i.Revision != "" {
		s += " (" + i.Revision[:min(12, len(i.Revision))]
		if i.Modified {
			s += ", modified"
		}
		s += ")"
	}
	return fmt.Sprintf("%s %s %s", s, i.GoVersion, i.Platform)
}
