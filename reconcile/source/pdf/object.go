package pdf

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// stream is a dictionary with bytes, as they stand in the file.
type stream struct {
	dict dict
	raw  []byte
	file *file
}

// objectStream is a stream of objects, unpacked (7.5.7).
type objectStream struct {
	data    []byte
	offsets []int64
}

// maxFollow is how many references may lead to one another.
const maxFollow = 32

// resolve follows a reference; damage gives nil and is remembered.
func (f *file) resolve(v any) any {
	r, ok := v.(ref)
	if !ok {
		return v
	}
	if r.number >= 1<<31 {
		return nil
	}
	number := int(r.number)
	if v, ok := f.objects[number]; ok {
		return v
	}
	e, ok := f.entries[number]
	if !ok || e.free || f.depth >= maxFollow {
		return nil
	}
	f.depth++
	out, err := f.load(number, e)
	if inner, ok := out.(ref); ok && err == nil {
		out = f.resolve(inner)
	}
	f.depth--
	if err != nil && f.err == nil {
		f.err = err
	}
	if len(f.objects) < maxObjects {
		f.objects[number] = out
	}
	return out
}

// load reads an object where it stands.
func (f *file) load(number int, e entry) (any, error) {
	if e.stream != 0 {
		return f.unpack(e)
	}
	if e.offset < 0 || e.offset >= int64(len(f.raw)) {
		return nil, fmt.Errorf("%w: object %d is said to stand at byte %d, outside of the file", ErrDamaged, number, e.offset)
	}
	p := &parser{b: f.raw, at: int(e.offset), file: f}
	found, v, err := f.indirect(p)
	err = cmp.Or(err, f.worked(p, int(e.offset)))
	if err == nil && found != int64(number) {
		err = fmt.Errorf("%w: object %d stands where object %d should", ErrDamaged, found, number)
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// indirect reads an object with its number in front (7.3.10).
func (f *file) indirect(p *parser) (number int64, v any, err error) {
	number, generation := p.pair()
	if generation < 0 || !p.take("obj") {
		return 0, nil, p.fault("an object is missing")
	}
	if v, err = p.object(0); err != nil {
		return 0, nil, err
	}
	d, ok := v.(dict)
	if !ok || !p.take("stream") {
		return number, v, nil
	}
	if p.at < len(p.b) && p.b[p.at] == '\r' {
		p.at++
	}
	if p.at < len(p.b) && p.b[p.at] == '\n' {
		p.at++
	}
	return number, &stream{dict: d, raw: f.streamBytes(p, d), file: f}, nil
}

// streamBytes are the bytes of the stream that begins here, by its length, or up to its end where that is wrong.
func (f *file) streamBytes(p *parser, d dict) []byte {
	rest := p.b[p.at:]
	if n, ok := f.resolve(d["Length"]).(int64); ok && n >= 0 && n <= int64(len(rest)) {
		after := &parser{b: rest, at: int(n), file: f}
		if after.take("endstream") {
			return rest[:n]
		}
	}
	if f.searches++; f.searches > maxSearches {
		return nil
	}
	if i := bytes.Index(rest, []byte("endstream")); i >= 0 {
		return bytes.TrimSuffix(bytes.TrimSuffix(rest[:i], []byte("\n")), []byte("\r"))
	}
	return rest
}

// unpack reads an object inside a stream of objects.
func (f *file) unpack(e entry) (any, error) {
	s, ok := f.packed[e.stream]
	if !ok {
		var err error
		if s, err = f.openObjects(e.stream); err != nil {
			return nil, err
		}
		f.packed[e.stream] = s
	}
	if e.index >= len(s.offsets) {
		return nil, fmt.Errorf("%w: stream of objects %d has no object %d", ErrDamaged, e.stream, e.index)
	}
	from := int(s.offsets[e.index])
	p := &parser{b: s.data, at: from, file: f}
	v, err := p.object(0)
	return v, cmp.Or(err, f.worked(p, from))
}

// maxPacked is how many streams of objects are unpacked.
const maxPacked = 256

// openObjects unpacks a stream of objects.
func (f *file) openObjects(number int) (*objectStream, error) {
	if len(f.packed) >= maxPacked {
		return nil, fmt.Errorf("%w: more than %d streams of objects are needed", ErrLimit, maxPacked)
	}
	s, ok := f.resolve(ref{number: int64(number)}).(*stream)
	if !ok {
		return nil, fmt.Errorf("%w: stream of objects %d is missing", ErrDamaged, number)
	}
	count, ok1 := f.resolve(s.dict["N"]).(int64)
	first, ok2 := f.resolve(s.dict["First"]).(int64)
	data, err := s.decode()
	switch {
	case err != nil:
		return nil, err
	case !ok1 || !ok2 || first < 0 || first > int64(len(data)) || count < 0 || count > int64(len(data)):
		return nil, fmt.Errorf("%w: stream of objects %d is damaged", ErrDamaged, number)
	}
	out := &objectStream{data: data}
	p := &parser{b: data[:first], file: f}
	for range count {
		_, offset := p.pair()
		if offset < 0 || first+offset >= int64(len(data)) {
			return nil, fmt.Errorf("%w: stream of objects %d is damaged", ErrDamaged, number)
		}
		out.offsets = append(out.offsets, first+offset)
	}
	return out, nil
}

// dict is a dictionary, or that of a stream; nil where it is neither.
func (f *file) dict(v any) dict {
	switch v := f.resolve(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

// array is an array, nil where it is none.
func (f *file) array(v any) array {
	a, _ := f.resolve(v).(array)
	return a
}

// decode takes off the filters of a stream (7.4): Flate with or without a predictor; others are not used for what is read here.
func (s *stream) decode() ([]byte, error) {
	filters, params := s.list("Filter"), s.list("DecodeParms")
	data := s.raw
	for i, filter := range filters {
		if filter != name("FlateDecode") && filter != name("Fl") {
			return nil, fmt.Errorf("%w: a stream is compressed by %v, want FlateDecode", ErrDamaged, filter)
		}
		var err error
		if data, err = s.inflate(data); err != nil {
			return nil, err
		}
		if i < len(params) {
			if data, err = s.unpredict(data, s.file.dict(params[i])); err != nil {
				return nil, err
			}
		}
		if i+1 >= maxFilters {
			return nil, fmt.Errorf("%w: a stream is compressed more than %d times", ErrLimit, maxFilters)
		}
	}
	if len(data) > s.file.limits.Bytes {
		return nil, fmt.Errorf("%w: a stream of more than %d bytes", ErrLimit, s.file.limits.Bytes)
	}
	return data, nil
}

const (
	maxFilters = 4
	ratioFree  = 1 << 20 // what may come out before the ratio is looked at
)

// list is one value, or several in an array.
func (s *stream) list(key name) array {
	switch v := s.file.resolve(s.dict[key]).(type) {
	case nil:
		return nil
	case array:
		out := make(array, len(v))
		for i := range v {
			out[i] = s.file.resolve(v[i])
		}
		return out
	default:
		return array{v}
	}
}

// inflate decompresses within the limits.
func (s *stream) inflate(data []byte) ([]byte, error) {
	limits := s.file.limits
	most := max(ratioFree, int64(limits.Ratio)*int64(len(data)))
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: a stream cannot be decompressed: %w", ErrDamaged, err)
	}
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(z, min(most, int64(limits.Bytes))+1))
	switch {
	case n > int64(limits.Bytes):
		return nil, fmt.Errorf("%w: a stream of more than %d bytes", ErrLimit, limits.Bytes)
	case n > most:
		return nil, fmt.Errorf("%w: a stream of %d bytes comes out of %d compressed ones, above the decompression limit of %d:1", ErrLimit, n, len(data), limits.Ratio)
	case err != nil && !errors.Is(err, zlib.ErrChecksum) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%w: a stream cannot be decompressed: %w", ErrDamaged, err)
	case err != nil:
		return nil, fmt.Errorf("%w: a stream ends too early or has a wrong check sum", ErrDamaged)
	}
	if s.file.inflated += out.Len(); s.file.inflated > limits.Bytes {
		return nil, fmt.Errorf("%w: streams of more than %d bytes together", ErrLimit, limits.Bytes)
	}
	return out.Bytes(), nil
}

// unpredict undoes a PNG predictor (7.4.4.4), which tables of objects are written with.
func (s *stream) unpredict(data []byte, params dict) ([]byte, error) {
	predictor, _ := s.file.resolve(params["Predictor"]).(int64)
	if predictor <= 1 {
		return data, nil
	}
	columns, ok := s.file.resolve(params["Columns"]).(int64)
	if !ok {
		columns = 1
	}
	if predictor < 10 || columns < 1 || columns > 1<<16 || params["Colors"] != nil || params["BitsPerComponent"] != nil && params["BitsPerComponent"] != int64(8) {
		return nil, fmt.Errorf("%w: a stream has a predictor that is not read", ErrDamaged)
	}
	width := int(columns)
	out := make([]byte, 0, len(data))
	above := make([]byte, width)
	for len(data) > width {
		row := data[1 : 1+width]
		if err := unfilter(data[0], row, above); err != nil {
			return nil, err
		}
		out, above, data = append(out, row...), row, data[1+width:]
	}
	return out, nil
}

// unfilter undoes the filter of one row of bytes, in place (PNG, 9.2).
func unfilter(kind byte, row, above []byte) error {
	for i := range row {
		var left, corner byte
		if i > 0 {
			left, corner = row[i-1], above[i-1]
		}
		switch kind {
		case 0:
		case 1:
			row[i] += left
		case 2:
			row[i] += above[i]
		case 3:
			row[i] += byte((int(left) + int(above[i])) / 2)
		case 4:
			row[i] += paeth(int(left), int(above[i]), int(corner))
		default:
			return fmt.Errorf("%w: a stream has a predictor that is not read", ErrDamaged)
		}
	}
	return nil
}

// paeth is the neighbour that is nearest to left + above − corner.
func paeth(left, above, corner int) byte {
	p := left + above - corner
	a, b, c := abs(p-left), abs(p-above), abs(p-corner)
	switch {
	case a <= b && a <= c:
		return byte(left)
	case b <= c:
		return byte(above)
	}
	return byte(corner)
}

func abs(n int) int { return max(n, -n) }
