package pack

import (
	"context"
	"strings"
)

// BagFaults are the faults of the rungs that need no more than the files of a pack: complete and valid.
func BagFaults(ctx context.Context, dir string) (complete, valid string, err error) {
	p, err := openAt(ctx, dir)
	if err != nil {
		return "", "", err
	}
	defer p.close()
	v := newVerifier(p)
	err = v.bag(ctx)
	return strings.Join(v.complete.faults, "\n"), strings.Join(v.valid.faults, "\n"), err
}
