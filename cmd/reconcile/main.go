// Command reconcile recomputes OCPI settlements and says line by line who is right.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/nexacollect/reconcile/reconcile/job"
)

// Exit statuses that scripts may rely on.
const (
	exitDone      = 0
	exitWrong     = 1   // something wrong was found
	exitUsage     = 2   // usage or environment
	exitUnusable  = 3   // finished, but some records could not be used
	exitCancelled = 130 // interrupted
)

// statusError ends the program with a status and, where it has one, a message.
type statusError struct {
	status int
	msg    string
}

func (e *statusError) Error() string { return e.msg }

func main() { os.Exit(run()) }

// run is main without the exit.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRootCmd(&app{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	err := root.ExecuteContext(ctx)
	return report(err)
}

// report prints an error once, with its hint, and gives the exit status.
func report(err error) int {
	var status *statusError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &status):
		if status.msg != "" {
			fmt.Fprintln(os.Stderr, "reconcile:", status.msg)
		}
		return status.status
	case errors.Is(err, job.ErrSuspended):
		fmt.Fprintln(os.Stderr, "reconcile: cancelled; the same command with --resume goes on from here")
		return exitCancelled
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "reconcile: cancelled")
		return exitCancelled
	}
	fmt.Fprintln(os.Stderr, "reconcile:", err)
	return exitUsage
}
