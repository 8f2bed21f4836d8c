// Package proof makes a migration and its rollback and runs both in a scratch
// database before anybody sees them: up must give the wanted schema, down must
// give the present one back. Its judge is catalog.Compare.
//
// What comes in is two States; what goes out is two plans, rendered as they
// will be written, and what was seen.
package proof
