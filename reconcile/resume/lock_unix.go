//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package resume

import (
	"errors"
	"os"
	"syscall"
)

// lock marks a file as in use until it is closed or the process ends, however that happens. inUse says that another process has done so; where
// the file system knows no locks nobody has.
func lock(f *os.File) (inUse bool) {
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
