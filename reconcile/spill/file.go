package spill

import (
	"errors"
	"os"
)

// File is a temporary file. Where the system allows it, it has no name while it is in use: it is gone with the process, however that ends.
type File struct {
	*os.File
	named bool
}

// NewFile makes a temporary file in a folder, "" for the system's; pattern is as in os.CreateTemp.
func NewFile(folder, pattern string) (*File, error) {
	f, err := os.CreateTemp(folder, pattern)
	if err != nil {
		return nil, err
	}
	return &File{f, os.Remove(f.Name()) != nil}, nil // not every system gives up the name of an open file
}

// Close removes the file.
func (f *File) Close() error {
	err := f.File.Close()
	if f.named {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
