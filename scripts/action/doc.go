// Package action tests the GitHub Action of the folder action: it runs the step as
// GitHub would, with its inputs as variables.
package action
