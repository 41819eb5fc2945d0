package pack

import "fmt"

// shardBytes is the size at which a shard is full: the next line begins another.
const shardBytes = 32 << 20

// shardSet is the shards of one kind: data/records/cdrs-0001.ndjson and so on.
type shardSet struct {
	stem   string // below data/
	ending string
	count  int
	open   *payloadFile
}

// name is the name of the nth shard, 1-based, below data/.
func (s *shardSet) name(n int) string { return fmt.Sprintf("%s-%04d%s", s.stem, n, s.ending) }

// next returns the shard that takes the next line.
func (w *Writer) next(s *shardSet) (*payloadFile, error) {
	if s.open != nil && s.open.size >= w.shardBytes {
		if err := w.finish(s.open); err != nil {
			return nil, err
		}
		s.open = nil
	}
	if s.open == nil {
		f, err := createFile(w.to.root, payloadFolder+s.name(s.count+1))
		if err != nil {
			return nil, err
		}
		s.count, s.open = s.count+1, f
	}
	return s.open, nil
}

// putLine writes a line, given in parts, to its shard and says where.
func (w *Writer) putLine(s *shardSet, parts ...[]byte) (location, error) {
	f, err := w.next(s)
	if err != nil {
		return location{}, err
	}
	at := location{shard: int32(s.count), offset: f.size}
	for _, part := range parts {
		if _, err := f.Write(part); err != nil {
			return location{}, err
		}
		at.length += int32(len(part))
	}
	_, err = f.Write(lineBreak)
	return at, err
}

var lineBreak = []byte{'\n'}

// location is where a line stands in a set of shards. There may be many, so that it is small and the collector of garbage need not look at it.
type location struct {
	offset int64
	shard  int32
	length int32
}

func (s *shardSet) doc(l location) locationDoc {
	return locationDoc{Shard: s.name(int(l.shard)), Offset: l.offset, Length: int64(l.length)}
}
