package pdf

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/klauspost/compress/zlib"
)

// sink takes a file from its beginning to its end. It keeps its first error until the end.
type sink interface {
	literal(text []byte)
	stream(head string, body []byte) // head is a dictionary without its end
	offset() int
	end() error
}

const (
	lengthMember = "/Filter/FlateDecode/Length "
	streamHead   = ">>\nstream\n"
	streamEnd    = "\nendstream\nendobj\n"
)

// output writes. The compressor is that of go.mod, whatever Go is at hand.
type output struct {
	w    io.Writer
	at   int
	buf  bytes.Buffer
	zip  *zlib.Writer
	fail error
}

func (o *output) literal(text []byte) {
	if o.fail == nil {
		_, o.fail = o.w.Write(text)
		o.at += len(text)
	}
}

func (o *output) stream(head string, body []byte) {
	o.buf.Reset()
	if o.zip == nil {
		o.zip = zlib.NewWriter(&o.buf)
	} else {
		o.zip.Reset(&o.buf)
	}
	_, err := o.zip.Write(body)
	if err = errors.Join(err, o.zip.Close()); err != nil && o.fail == nil {
		o.fail = err
	}
	o.literal([]byte(head + lengthMember + strconv.Itoa(o.buf.Len()) + streamHead))
	o.literal(o.buf.Bytes())
	o.literal([]byte(streamEnd))
}

func (o *output) offset() int { return o.at }
func (o *output) end() error  { return o.fail }

// ErrDiffers says that a document is not the one that was made again.
var ErrDiffers = errors.New("differs")

// comparison holds a file against what is written: all bytes, those of streams as they were before they were compressed.
type comparison struct {
	r    *bufio.Reader
	at   int
	fail error
}

func (c *comparison) differs() {
	if c.fail == nil {
		c.fail = fmt.Errorf("%w: at or after byte %d", ErrDiffers, c.at)
	}
}

func (c *comparison) literal(text []byte) {
	if have := c.read(len(text)); !bytes.Equal(have, text) {
		c.differs()
	}
}

// read reads n bytes.
func (c *comparison) read(n int) []byte {
	if c.fail != nil {
		return nil
	}
	have := make([]byte, n)
	if _, err := io.ReadFull(c.r, have); err != nil {
		c.differs()
		return nil
	}
	c.at += n
	return have
}

func (c *comparison) stream(head string, body []byte) {
	c.literal([]byte(head + lengthMember))
	n := c.number(len(body) + len(body)/8 + 1024) // what cannot be made smaller grows by less
	c.literal([]byte(streamHead[1:]))
	compressed := bytes.NewReader(c.read(n))
	if c.fail != nil {
		return
	}
	z, err := zlib.NewReader(compressed)
	if err != nil {
		c.differs()
		return
	}
	have, err := io.ReadAll(io.LimitReader(z, int64(len(body))+1))
	if err != nil || compressed.Len() > 0 || !bytes.Equal(have, body) {
		c.differs()
	}
	c.literal([]byte(streamEnd))
}

// number reads a number that is no greater than most, and the character behind it.
func (c *comparison) number(most int) int {
	n := 0
	for digits := 0; ; digits++ {
		b := c.read(1)
		switch {
		case c.fail != nil:
			return 0
		case b[0] == streamHead[0] && digits > 0:
			return n
		case b[0] < '0' || b[0] > '9' || digits > 0 && n == 0 || n > most:
			c.differs()
			return 0
		}
		n = 10*n + int(b[0]-'0')
	}
}

func (c *comparison) offset() int { return c.at }

// end checks that nothing follows.
func (c *comparison) end() error {
	if _, err := c.r.ReadByte(); c.fail == nil && !errors.Is(err, io.EOF) {
		c.differs()
	}
	return c.fail
}
