// Package console renders results for standard output: text for people, one JSON object on a line for machines. It computes
// nothing.
package console
