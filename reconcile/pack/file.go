package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"os"
	"path/filepath"
)

// fileBufferBytes is how much of each open file is held in memory.
const fileBufferBytes = 128 << 10

// digest is what the manifests tell of a file.
type digest struct {
	name   string // below the pack's folder, slashes forward
	sha256 string // hex
	size   int64
}

// payloadFile is a file that is hashed while it is written.
type payloadFile struct {
	name string
	size int64
	file *os.File
	sum  hash.Hash
	buf  []byte
}

// createFile begins a file below root; its name has forward slashes.
func createFile(root, name string) (*payloadFile, error) {
	full := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &payloadFile{name: name, file: f, sum: sha256.New(), buf: make([]byte, 0, fileBufferBytes)}, nil
}

// Write implements io.Writer.
func (f *payloadFile) Write(p []byte) (int, error) {
	f.size += int64(len(p))
	if len(f.buf)+len(p) > cap(f.buf) {
		if err := f.flush(); err != nil {
			return 0, err
		}
	}
	if len(p) >= cap(f.buf) {
		return len(p), f.put(p)
	}
	f.buf = append(f.buf, p...)
	return len(p), nil
}

func (f *payloadFile) flush() error {
	err := f.put(f.buf)
	f.buf = f.buf[:0]
	return err
}

func (f *payloadFile) put(p []byte) error {
	f.sum.Write(p)
	_, err := f.file.Write(p)
	return err
}

// finish writes what is held and closes the file.
func (f *payloadFile) finish() (digest, error) {
	err := f.flush()
	if closing := f.file.Close(); err == nil {
		err = closing
	}
	f.buf = nil
	return digest{name: f.name, sha256: hex.EncodeToString(f.sum.Sum(nil)), size: f.size}, err
}
