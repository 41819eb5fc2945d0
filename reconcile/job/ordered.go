package job

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"

	"github.com/nexacollect/reconcile/reconcile/spill"
)

// task is one input on its way through a worker; done is closed when out is set.
type task[In, Out any] struct {
	in   In
	out  Out
	done chan struct{}
}

// ordered applies f to each item of src on several goroutines and hands the results to sink in the order of src. The first
// error of src, f or sink ends all. f is told which worker runs it, so that workers can own state. At most 4 items per worker
// are under way, so that a slow sink holds back the source.
func ordered[In, Out any](
	ctx context.Context, src iter.Seq2[In, error], workers int, f func(worker int, in In) (Out, error), sink func(Out) error,
) error {
	g, ctx := errgroup.WithContext(ctx)
	todo := make(chan *task[In, Out], workers)
	order := make(chan *task[In, Out], 4*workers)
	g.Go(func() (err error) {
		defer spill.Catch(&err)
		defer close(todo)
		defer close(order)
		for in, err := range src {
			if err != nil {
				return err
			}
			t := &task[In, Out]{in: in, done: make(chan struct{})}
			if !send(ctx, order, t) || !send(ctx, todo, t) {
				return context.Cause(ctx)
			}
		}
		return nil
	})
	for w := range workers {
		g.Go(func() error { return work(ctx, w, todo, f) })
	}
	g.Go(func() error { return drain(ctx, order, sink) })
	return g.Wait()
}

// send reports whether v was sent before ctx ended.
func send[T any](ctx context.Context, c chan<- T, v T) bool {
	select {
	case c <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

func work[In, Out any](ctx context.Context, worker int, todo <-chan *task[In, Out], f func(int, In) (Out, error)) (err error) {
	defer spill.Catch(&err)
	for t := range todo {
		if err := ctx.Err(); err != nil {
			return err
		}
		out, err := f(worker, t.in)
		if err != nil {
			return err
		}
		t.out = out
		close(t.done)
	}
	return nil
}

func drain[In, Out any](ctx context.Context, order <-chan *task[In, Out], sink func(Out) error) (err error) {
	defer spill.Catch(&err)
	for t := range order {
		select {
		case <-t.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := sink(t.out); err != nil {
			return err
		}
	}
	return nil
}

// together calls functions side by side, as many at a time as there are workers.
func together(workers int) func(...func()) {
	return func(fs ...func()) {
		var g errgroup.Group
		g.SetLimit(workers)
		for _, f := range fs {
			g.Go(func() (err error) {
				defer spill.Catch(&err)
				f()
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			panic(err) // for Catch of the caller
		}
	}
}
