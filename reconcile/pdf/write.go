package pdf

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Write ends the document and writes it.
func (d *Document) Write(w io.Writer) error { return d.writeTo(&output{w: w}) }

// Compare ends the document and holds it against the file r: where they are not the same, the error is ErrDiffers. Streams are compared as they
// were before they were compressed.
func (d *Document) Compare(r io.Reader) error { return d.writeTo(&comparison{r: bufio.NewReader(r)}) }

func (d *Document) writeTo(s sink) error {
	d.page()
	d.numberPages()
	out := newFile(s)
	root, info, pages, structure, metadata := out.reserve(), out.reserve(), out.reserve(), out.reserve(), out.reserve()
	fonts := [...]*font{d.regular, d.bold}
	var resources strings.Builder
	for _, f := range fonts {
		n := out.reserve()
		fmt.Fprintf(&resources, "/%s %d 0 R", f.resource, n)
		f.write(out, n)
	}
	d.writePages(out, pages, resources.String())
	d.writeStructure(out, structure)
	out.object(root, "<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang %s/Metadata %d 0 R"+
		"/ViewerPreferences<</DisplayDocTitle true>>>>", pages, structure, textString(d.info.Language), metadata)
	out.object(info, "<</Title %s/Producer %s%s>>", textString(d.info.Title), textString(d.info.Producer), d.dates())
	out.stream(metadata, "/Type/Metadata/Subtype/XML", []byte(d.metadata()))
	return out.close(root, info)
}

func (d *Document) writePages(out *file, n int, fonts string) {
	var kids strings.Builder
	for _, p := range d.pages {
		p.number = out.reserve()
		fmt.Fprintf(&kids, "%d 0 R ", p.number)
	}
	for i, p := range d.pages {
		content := out.reserve()
		out.object(p.number, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources<</Font<<%s>>>>/Contents %d 0 R/StructParents %d/Tabs/S>>",
			n, number(p.size.width), number(p.size.height), fonts, content, i)
		out.stream(content, "", p.out)
	}
	out.object(n, "<</Type/Pages/Count %d/Kids[%s]>>", len(d.pages), kids.String())
}

// dates are when the document was made, as PDF writes them (7.9.4).
func (d *Document) dates() string {
	if d.info.Made.IsZero() {
		return ""
	}
	made := d.info.Made.UTC().Format("(D:20060102150405Z)")
	return "/CreationDate" + made + "/ModDate" + made
}

// metadata is the same in XMP (ISO 16684-1).
func (d *Document) metadata() string {
	dates := ""
	if made := d.info.Made.UTC().Format(time.RFC3339); !d.info.Made.IsZero() {
		dates = "<xmp:CreateDate>" + made + "</xmp:CreateDate><xmp:ModifyDate>" + made + "</xmp:ModifyDate>"
	}
	return "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` +
		`<dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(d.info.Title) + `</rdf:li></rdf:Alt></dc:title>` +
		`<dc:language><rdf:Bag><rdf:li>` + escaped(d.info.Language) + `</rdf:li></rdf:Bag></dc:language>` +
		`<pdf:Producer>` + escaped(d.info.Producer) + `</pdf:Producer>` + dates +
		"</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes all
	return b.String()
}
