// Package express is Express as values: its applications and routers for package eval,
// filling routers of package route. It also stands for the packages that give the same
// objects under another name.
package express
