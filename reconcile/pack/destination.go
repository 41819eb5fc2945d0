package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names of hidden folders in which packs grow: prefix, a random part, suffix.
const (
	partialPrefix = ".reconcile-"
	partialSuffix = ".partial"
)

// occupant is what stands where a pack is to go.
type occupant uint8

const (
	nothing occupant = iota
	emptyFolder
	earlierPack
	otherThings
)

// destination is where a pack goes, and the hidden folder where it grows: beside its place, so that one rename puts it there; or,
// where an empty folder stands ready (it may be a mount point), inside that.
type destination struct {
	dir    string // absolute
	temp   string // hidden; removed at the end
	root   string // the growing bag, inside temp
	force  bool
	inside bool
}

// openDestination looks at the place and makes the hidden folder.
func openDestination(dir string, force bool) (*destination, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", dir, err)
	}
	d := &destination{dir: abs, force: force}
	found, err := d.look()
	if err != nil {
		return nil, err
	}
	d.inside = found == emptyFolder
	parent := filepath.Dir(abs)
	if d.inside {
		parent = abs
	} else if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, d.needs(err)
	}
	if d.temp, err = os.MkdirTemp(parent, partialPrefix+"*"+partialSuffix); err != nil {
		return nil, d.needs(err)
	}
	d.root = filepath.Join(d.temp, "pack")
	if err := os.Mkdir(d.root, 0o777); err != nil {
		d.discard()
		return nil, d.needs(err)
	}
	return d, nil
}

// needs says what writing a pack takes.
func (d *destination) needs(err error) error {
	return fmt.Errorf("write the pack %s: it needs a folder that can be written, with room for it: %w", d.dir, err)
}

// look tells what stands at the place; an error where a pack may not go there.
func (d *destination) look() (occupant, error) {
	found, err := occupantOf(d.dir)
	if err != nil {
		return 0, fmt.Errorf("pack %s: %w", d.dir, err)
	}
	switch {
	case found == earlierPack && !d.force:
		return 0, fmt.Errorf("folder %s is not empty: name another, or replace the pack in it with --force", d.dir)
	case found == otherThings && !d.force:
		return 0, fmt.Errorf("folder %s is not empty: name another", d.dir)
	case found == otherThings:
		return 0, fmt.Errorf("folder %s is not empty and holds no pack of ours: it is not replaced, even with --force", d.dir)
	}
	if found == earlierPack {
		if name := stranger(d.dir); name != "" {
			return 0, fmt.Errorf("folder %s holds %s, which is no file of the pack in it: move it away first", d.dir, name)
		}
	}
	return found, nil
}

func occupantOf(dir string) (occupant, error) {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nothing, nil
	}
	if err != nil {
		return 0, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return 0, errors.New("is a symbolic link: name the folder itself")
	}
	if !info.IsDir() {
		return 0, errors.New("is a file, not a folder")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	found := emptyFolder
	for _, e := range entries {
		if !isPartial(e.Name()) {
			found = otherThings
		}
	}
	if found == otherThings && holdsPack(dir) {
		found = earlierPack
	}
	return found, nil
}

// isPartial reports the hidden folder of a run that is under way or was killed.
func isPartial(name string) bool {
	return strings.HasPrefix(name, partialPrefix) && strings.HasSuffix(name, partialSuffix)
}

// holdsPack tells a pack of ours from any other folder, other bags included.
func holdsPack(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close()
	info, err := root.Lstat(declarationFile)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if info, err = root.Lstat(payloadFolder + linesFile); err == nil && info.Mode().IsRegular() {
		return true
	}
	if info, err = root.Lstat(infoFile); err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return false
	}
	text, err := root.ReadFile(infoFile)
	return err == nil && bytes.Contains(text, []byte("Bag-Software-Agent: reconcile"))
}

// place moves the finished bag to its destination.
func (d *destination) place() error {
	found, err := d.look()
	if err != nil {
		return err
	}
	switch {
	case d.inside && found == emptyFolder:
		err = d.fill()
	case found == nothing:
		err = os.Rename(d.root, d.dir)
	case found == emptyFolder:
		if err = os.Remove(d.dir); err == nil {
			err = os.Rename(d.root, d.dir)
		}
	default:
		err = d.replace()
	}
	if err != nil {
		return fmt.Errorf("put the pack in place at %s: %w", d.dir, err)
	}
	if err := d.discard(); err != nil {
		return fmt.Errorf("the pack is in place at %s, but its hidden folder could not be removed: %w", d.dir, err)
	}
	return nil
}

// fill moves the parts of the bag into the folder that stands ready, the declaration last: without it the folder is no bag. What a
// killed run left there goes.
func (d *destination) fill() error {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if path := filepath.Join(d.dir, e.Name()); isPartial(e.Name()) && path != d.temp {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	parts, err := os.ReadDir(d.root)
	if err != nil {
		return err
	}
	for _, e := range parts {
		if e.Name() != declarationFile {
			if err := d.move(e.Name()); err != nil {
				return err
			}
		}
	}
	return d.move(declarationFile)
}

func (d *destination) move(name string) error {
	return os.Rename(filepath.Join(d.root, name), filepath.Join(d.dir, name))
}

// replace moves the earlier pack aside, the new one in, and brings the earlier one back where that fails.
func (d *destination) replace() error {
	old := filepath.Join(d.temp, "old")
	if err := os.Rename(d.dir, old); err != nil {
		return err
	}
	if err := os.Rename(d.root, d.dir); err != nil {
		return errors.Join(err, os.Rename(old, d.dir))
	}
	return nil
}

// discard removes the hidden folder.
func (d *destination) discard() error { return os.RemoveAll(d.temp) }

// clear removes the growing bag alone.
func (d *destination) clear() error { return os.RemoveAll(d.root) }

// others are the hidden folders beside this one.
func (d *destination) others() ([]string, error) {
	parent := filepath.Dir(d.temp)
	entries, err := os.ReadDir(parent)
	if err != nil {
		return nil, d.needs(err)
	}
	var out []string
	for _, e := range entries {
		if folder := filepath.Join(parent, e.Name()); e.IsDir() && isPartial(e.Name()) && folder != d.temp {
			out = append(out, folder)
		}
	}
	return out, nil
}
