// Package whatif asks a database in use what its queries would cost if it had
// other indexes. It is the database behind package advise's Planner.
//
// Open gives one of two: HypoPG's planner where that extension is installed (the
// server itself plans with indexes that exist for this session only), else a
// model that reads the server's plans and its statistics and reckons what an
// index would save; what comes from a model says so. Both only plan: nothing is
// executed, sessions are read-only, and every question has a time limit.
package whatif
