package source

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/source/verify"
)

// Verify starts the application with node, within a time, and compares what it mounts
// with what was read. Places are as those of the diagnostics.
func (r *Result) Verify(ctx context.Context, timeout time.Duration, environ []string) (*verify.Boot, verify.Comparison, error) {
	fastify := r.project.ManifestOf(r.Root).DependsOn("fastify") != ""
	boot, err := verify.Run(ctx, verify.Options{Root: r.Root, Entry: r.entry, Fastify: fastify, Timeout: timeout, Environ: environ})
	var failure *verify.Failure
	if errors.As(err, &failure) {
		failure.Reason = r.project.Shown(failure.Reason)
	}
	if err != nil {
		return nil, verify.Comparison{}, err
	}
	for i, n := range boot.Notes {
		boot.Notes[i].Text = r.project.Shown(n.Text)
	}
	for i, e := range boot.Endpoints {
		if e.At.File != "" {
			boot.Endpoints[i].At.File = r.project.Rel(e.At.File)
		}
	}
	if r.below != "" {
		boot.Endpoints = slices.DeleteFunc(boot.Endpoints, func(e verify.Endpoint) bool { return !r.project.Within(e.At.File, r.below) })
	}
	var read []verify.Endpoint
	for _, e := range r.mounted {
		read = append(read, verify.Endpoint{Method: e.Method, Path: e.Path, At: e.At.Position()})
	}
	return boot, verify.Compare(read, boot), nil
}

// Serves says whether the program lets an application listen, as far as was read.
func (r *Result) Serves() bool { return r.serves }
