package pack

import (
	"strconv"

	"github.com/nexacollect/reconcile/ocpi"
)

// tariffSetsFile holds the sets of supplied tariffs that sheets were priced with. Many sheets share one, so they name it by number.
// A pack in which no supplied tariff was consulted has no such file.
const tariffSetsFile = "tariff_sets.ndjson"

// tariffSetDoc is an object of tariff_sets.ndjson.
type tariffSetDoc struct {
	Set     int         `json:"set"` // 1-based
	Tariffs []recordDoc `json:"tariffs"`
}

// append appends the object and its line break.
func (d *tariffSetDoc) append(dst []byte) []byte {
	dst = strconv.AppendInt(append(dst, `{"set":`...), int64(d.Set), 10)
	dst = append(dst, `,"tariffs":[`...)
	for i := range d.Tariffs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = d.Tariffs[i].append(dst)
	}
	return append(dst, "]}\n"...)
}

// tariffSets numbers the sets that a pack holds.
type tariffSets struct {
	file    *payloadFile
	tariffs map[*ocpi.Tariff]int32 // numbers of tariffs, for the keys of sets
	sets    map[string]int         // numbers of sets by the numbers of their tariffs
	last    []*ocpi.Tariff         // the set asked for last, and its number
	lastSet int
}

// set returns the number of a set, and writes it where it is new.
func (w *Writer) set(list []*ocpi.Tariff) (int, error) {
	s := &w.sets
	if len(list) == 0 {
		return 0, nil
	}
	if len(list) == len(s.last) && &list[0] == &s.last[0] {
		return s.lastSet, nil
	}
	key := s.key(list)
	n, known := s.sets[key]
	if !known {
		n = len(s.sets) + 1
		s.sets[key] = n
		if err := w.putSet(n, list); err != nil {
			return 0, err
		}
	}
	s.last, s.lastSet = list, n
	return n, nil
}

func (s *tariffSets) key(list []*ocpi.Tariff) string {
	if s.sets == nil {
		s.sets, s.tariffs = map[string]int{}, map[*ocpi.Tariff]int32{}
	}
	var key []byte
	for _, t := range list {
		n, known := s.tariffs[t]
		if !known {
			n = int32(len(s.tariffs))
			s.tariffs[t] = n
		}
		key = append(strconv.AppendInt(key, int64(n), 36), ' ')
	}
	return string(key)
}

// putSet writes a set and discloses its tariffs.
func (w *Writer) putSet(n int, list []*ocpi.Tariff) error {
	if w.sets.file == nil {
		w.sets.file = w.open(tariffSetsFile)
	}
	if w.err != nil {
		return w.err
	}
	doc := tariffSetDoc{Set: n}
	var records []record
	for _, t := range list {
		if t == nil || len(t.Record.Bytes) == 0 {
			continue
		}
		records, _ = addRecord(records[:0], kindTariff, t.Record)
		d, err := w.putRecord(&records[0])
		if err != nil {
			return err
		}
		doc.Tariffs = append(doc.Tariffs, d)
	}
	w.buf = doc.append(w.buf[:0])
	_, err := w.sets.file.Write(w.buf)
	return err
}
