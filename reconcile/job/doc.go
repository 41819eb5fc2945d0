// Package job runs the whole work: it reads inputs, settles and judges them, and writes the pack. It is the only package that
// starts goroutines, and holds no rule of pricing or judging.
package job
