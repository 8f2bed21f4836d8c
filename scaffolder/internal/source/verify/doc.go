// Package verify starts an application with node, and compares what it mounts with what
// was read of its code.
//
// It is the one room that runs anything of the project. Run hands node the files of boot:
// they note what Express, Koa and Fastify are given, answer for the network, and write a
// list when the application has started or cannot. Compare is pure.
package verify
