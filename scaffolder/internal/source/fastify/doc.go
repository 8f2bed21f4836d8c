// Package fastify is Fastify as values: instances, plugins with their prefixes and
// encapsulation, routes with their schemas, hooks and decorations, and autoload, for
// package eval, filling routers of package route. A plugin's scope is a router of its
// own that is mounted in the one around it.
package fastify
