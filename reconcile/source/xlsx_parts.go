package source

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// workbook is what the rows of an XLSX file need of its other parts (ECMA-376, Part 1, 18).
type workbook struct {
	parts    map[string]*zip.File
	size     int64 // of the file
	limits   Limits
	sheets   []sheet
	strings  []string
	dates    []dateStyle // by cell format
	date1904 bool
	external bool // it has values of other workbooks
}

// sheet is a worksheet that is not hidden.
type sheet struct{ name, part string }

// maxStrings is the most that shared strings may take up in memory, and stringBytes what each takes beside its text.
const (
	maxStrings  = 256 << 20
	stringBytes = 16
)

// openWorkbook reads all parts but the sheets.
func openWorkbook(r io.ReaderAt, size int64, limits Limits) (*workbook, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, newFlaw(CodeSyntax, "ZIP archive is damaged: %v", err)
	}
	w := &workbook{parts: map[string]*zip.File{}, size: size, limits: limits}
	for _, f := range z.File {
		name := partName("", f.Name)
		if w.parts[name] != nil {
			return nil, newFlaw(CodeSyntax, "part %q stands twice in the file, want every part once", name)
		}
		w.parts[name] = f
		w.external = w.external || strings.HasPrefix(name, "xl/externallinks/")
	}
	main, links, err := w.main()
	if err != nil {
		return nil, err
	}
	for _, read := range []func() error{
		func() error { return w.readSheets(main, links) },
		func() error { return w.readPart(links["styles"], w.readStyles) },
		func() error { return w.readPart(links["sharedStrings"], w.readStrings) },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// partName is a name of a part as a key: case does not count, and a target may be relative to the folder of its source.
func partName(folder, target string) string {
	target = strings.ReplaceAll(target, "\\", "/")
	if !strings.HasPrefix(target, "/") {
		target = folder + "/" + target
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+target), "/"))
}

// main finds the workbook, and what it links to: parts by their relationship's id and by the last word of their type.
func (w *workbook) main() (string, map[string]string, error) {
	root, err := w.relationships("", "_rels/.rels")
	if err != nil {
		return "", nil, err
	}
	main := root["officeDocument"]
	switch {
	case w.parts["xl/workbook.bin"] != nil:
		return "", nil, newFlaw(CodeFormat, "found a binary spreadsheet (XLSB); save it as XLSX or CSV")
	case w.parts["content.xml"] != nil:
		return "", nil, newFlaw(CodeFormat, "found an OpenDocument file; save it as XLSX or CSV")
	case main == "" || w.parts[main] == nil:
		return "", nil, newFlaw(CodeFormat, "found a ZIP archive that is no spreadsheet; unpack it")
	}
	folder, base := path.Split(main)
	links, err := w.relationships(strings.TrimSuffix(folder, "/"), folder+"_rels/"+base+".rels")
	return main, links, err
}

// relationships reads the links of a part. Links to what is outside of the file are left out.
func (w *workbook) relationships(folder, part string) (map[string]string, error) {
	out := map[string]string{}
	err := w.readPart(part, func(x *xmlTokens) error {
		return eachStart(x, func(e xml.StartElement) error {
			if e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" {
				return nil
			}
			target := partName(folder, attribute(e, "Target"))
			out["#"+attribute(e, "Id")] = target
			if kind := path.Base(attribute(e, "Type")); out[kind] == "" {
				out[kind] = target
			}
			return nil
		})
	})
	return out, err
}

// open opens a part for reading within the limits.
func (w *workbook) open(part string) (io.ReadCloser, error) {
	f := w.parts[part]
	if f == nil {
		return nil, newFlaw(CodeSyntax, "part %q is missing in the file, want it whole", part)
	}
	if f.Flags&1 != 0 {
		return nil, newFlaw(CodeFormat, "found an encrypted archive; save it without a password")
	}
	r, err := f.Open()
	if err != nil {
		return nil, newFlaw(CodeSyntax, "part %q cannot be read: %v", part, err)
	}
	packed := min(int64(min(f.CompressedSize64, 1<<62)), w.size)
	return &partReader{ReadCloser: r, packed: packed, ratio: int64(w.limits.Ratio)}, nil
}

// partReader is a part of a file that is decompressed up to the limit of the ratio.
type partReader struct {
	io.ReadCloser
	packed, out, ratio int64
}

// Read implements io.Reader.
func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.out += int64(n)
	if p.out > ratioFree && p.out > p.ratio*p.packed {
		return 0, newFlaw(CodeRatio, "found %d bytes out of %d compressed ones in a part of the file, above the decompression limit of %d:1", p.out, p.packed, p.ratio)
	}
	return n, err
}

// readPart reads a part that a workbook can do without.
func (w *workbook) readPart(part string, read func(*xmlTokens) error) error {
	if part == "" || w.parts[part] == nil {
		return nil
	}
	r, err := w.open(part)
	if err != nil {
		return err
	}
	return errors.Join(read(newXMLTokens(r, w.limits)), r.Close())
}

// eachStart calls f with every element that begins.
func eachStart(x *xmlTokens, f func(xml.StartElement) error) error {
	for {
		tok, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); ok {
			x.mark()
			if err := f(e); err != nil {
				return err
			}
		}
	}
}

// readSheets lists the sheets that are not hidden, and finds the origin of dates.
func (w *workbook) readSheets(main string, links map[string]string) error {
	return w.readPart(main, func(x *xmlTokens) error {
		return eachStart(x, func(e xml.StartElement) error {
			switch e.Name.Local {
			case "workbookPr":
				w.date1904 = isTrue(attribute(e, "date1904"))
			case "sheet":
				part := links["#"+relationship(e)]
				if state := attribute(e, "state"); (state == "" || state == "visible") && w.parts[part] != nil {
					w.sheets = append(w.sheets, sheet{attribute(e, "name"), part})
				}
			}
			return nil
		})
	})
}

func isTrue(text string) bool { return text == "1" || text == "true" }

// readStrings reads the strings that cells refer to.
func (w *workbook) readStrings(x *xmlTokens) error {
	size := 0
	for {
		tok, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "si" {
			x.mark()
			text, err := richText(x)
			if err != nil {
				return err
			}
			if size += len(text) + stringBytes; size > maxStrings {
				return newFlaw(CodeRecordSize, "shared strings are above the limit of %d bytes; save the sheet as CSV", maxStrings)
			}
			w.strings = append(w.strings, text)
		}
	}
}

// richText is the text of the element that has just begun, up to its end: that of its t elements, phonetic guides left out.
func richText(x *xmlTokens) (string, error) {
	var b strings.Builder
	for depth, inText, guide := 1, false, 0; depth > 0; {
		tok, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			inText = t.Name.Local == "t" && guide == 0
			if t.Name.Local == "rPh" && guide == 0 {
				guide = depth
			}
		case xml.EndElement:
			if depth == guide {
				guide = 0
			}
			depth--
			inText = false
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
	return unescape(b.String()), nil
}

// unescape reads the characters that XML cannot hold, written as _x000D_ (ECMA-376, Part 1, 22.9.2.19).
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if len(text)-i >= 7 && text[i] == '_' && text[i+1] == 'x' && text[i+6] == '_' {
			if n, err := strconv.ParseUint(text[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 7
				continue
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// readStyles finds which formats of cells are dates.
func (w *workbook) readStyles(x *xmlTokens) error {
	custom := map[int]dateStyle{}
	var inCells []string
	return eachStart(x, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attribute(e, "numFmtId")); err == nil {
				custom[id] = dateStyleOf(attribute(e, "formatCode"))
			}
		case "cellStyleXfs", "cellXfs", "cellStyles", "dxfs":
			inCells = append(inCells, e.Name.Local)
		case "xf":
			if !slices.Equal(inCells[max(0, len(inCells)-1):], []string{"cellXfs"}) {
				return nil
			}
			id, _ := strconv.Atoi(attribute(e, "numFmtId")) // 0 is General
			style, ok := custom[id]
			if !ok {
				style = builtinDates(id)
			}
			w.dates = append(w.dates, style)
		}
		return nil
	})
}
