// Package route is what programs register: routers with their layers, and the
// endpoints that come of walking from the applications through the mounts.
//
// The rooms of the frameworks fill routers while the program is evaluated; Walk is
// called when that is over, so routers may be mounted before they are filled. A layer
// keeps its handlers as values; package handler reads them. The package decides what
// full paths are, which endpoint is registered first, and which handlers stand before
// it; it knows the path syntax of all frameworks (Dialect) and nothing else of them.
package route
