package buildinfo

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestWhereTheVersionComesFrom(t *testing.T) {
	module := func(v string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: v}, Settings: settings}
	}
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}
	for _, c := range []struct {
		name, linked string
		build        *debug.BuildInfo
		want         string
	}{
		{"linked wins", "v1.2.3", module("v9.9.9"), "tool v1.2.3 go"},
		{"go install", "", module("v1.0.0"), "tool v1.0.0 go"},
		{"nothing", "", module(""), "tool (devel) go"},
		{"work tree", "", module("(devel)", vcs...), "tool (devel) (0123456789ab, modified) go"},
	} {
		if got := from("tool", c.linked, c.build).String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q…", c.name, got, c.want)
		}
	}
	if info := Read("tool", "v1"); info.Short() != "tool v1" || info.Platform == "" {
		t.Errorf("%+v", info)
	}
}
