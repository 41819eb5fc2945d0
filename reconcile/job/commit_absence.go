package job

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/nexacollect/reconcile/reconcile/commitment"
)

// ErrNotAbsent says that a proof of absence does not hold.
var ErrNotAbsent = errors.New("the proof does not hold")

// ProveAbsence proves that a commitment has no record of an object; commitment.ErrPresent where it has.
func ProveAbsence(dir string, secret *commitment.Secret, of commitment.Key) (*commitment.Absence, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	t, err := f.tree(secret)
	if err != nil {
		return nil, err
	}
	return t.ProveAbsence(of)
}

// CheckAbsence holds a proof in a file against the head of a commitment, of which the leaves are not needed.
func CheckAbsence(dir, file string, of commitment.Key) error {
	f, err := openFolder(dir)
	if err != nil {
		return err
	}
	text, err := readSmall(file)
	if err != nil {
		return err
	}
	var a commitment.Absence
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrNotAbsent, filepath.ToSlash(file), err)
	}
	if err := a.Check(f.head, of); err != nil {
		return fmt.Errorf("%w: %w", ErrNotAbsent, err)
	}
	return nil
}
