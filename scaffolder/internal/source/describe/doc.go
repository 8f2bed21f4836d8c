// Package describe makes an api.API of endpoints and of what their handlers do. It
// decides which evidence counts where there is more than one: a schema that judges the
// request before a type, a type before use. Each fact is kept with its place, for those
// who ask where it came from.
package describe
