package xlsx

import (
	"fmt"
	"slices"
	"strings"
)

const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const (
	mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relSpace  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	typeSpace = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// framePart is a part whose text is known before any row.
type framePart struct{ name, text string }

// frame is everything but the sheets (ECMA-376, Part 1, 12.3 and Part 2), which are given in the order of their parts.
func frame(sheets []Sheet) []framePart {
	var types, front, list, rels strings.Builder
	for i, s := range sheets {
		fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%sworksheet+xml"/>`, sheetPart(i), typeSpace)
		in := &list
		if s.Front {
			in = &front
		}
		fmt.Fprintf(in, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, appendEscaped(nil, s.Name), i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relSpace, i+1)
	}
	const packageSpace = "http://schemas.openxmlformats.org/package/2006/"
	return []framePart{
		{"[Content_Types].xml", declaration + `<Types xmlns="` + packageSpace + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + typeSpace + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + typeSpace + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", declaration + `<Relationships xmlns="` + packageSpace + `relationships">` +
			`<Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", declaration + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relSpace + `"><sheets>` + front.String() + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", declaration + `<Relationships xmlns="` + packageSpace + `relationships">` + rels.String() +
			fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(sheets)+1, relSpace)},
		{"xl/styles.xml", styles},
	}
}

func sheetPart(i int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1) }

// Styles by their place in cellXfs.
const (
	styleText    = 1 // format @: what is typed over it stays text
	styleNumber  = 2
	styleDay     = 3
	styleMoment  = 4
	styleHeading = 5
	styleFill    = 6
	styleCount   = 7
	styleRunning = 8
)

var styleOf = [...]int{text: styleText, number: styleNumber, count: styleCount, day: styleDay, moment: styleMoment, title: styleHeading, running: styleRunning}

// styles is the style sheet (18.8). Numbers show at least two decimals and all that they have, up to twelve.
const styles = declaration + `<styleSheet xmlns="` + mainSpace + `">` +
	`<numFmts count="3"><numFmt numFmtId="164" formatCode="0.00##########"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/>` +
	`<numFmt numFmtId="166" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/></patternFill></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFFFE699"/></patternFill></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="9"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>` +
	`<xf numFmtId="49" fontId="1" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>` +
	`<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="top" indent="1"/></xf></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

func (s *Sheet) hasHeading() bool {
	return slices.ContainsFunc(s.Columns, func(c Column) bool { return c.Heading != "" })
}

// head is a sheet up to its first row (18.3.1.99). selected: it is shown first.
func (s *Sheet) head(selected bool) string {
	var b strings.Builder
	b.WriteString(declaration + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView `)
	if selected {
		b.WriteString(`tabSelected="1" `)
	}
	b.WriteString(`workbookViewId="0"`)
	switch {
	case s.hasHeading() && s.Frozen > 0:
		fmt.Fprintf(&b, `><pane xSplit="%d" ySplit="1" topLeftCell="%s2" activePane="bottomRight" state="frozen"/></sheetView>`, s.Frozen, columnName(s.Frozen))
	case s.hasHeading():
		b.WriteString(`><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>`)
	default:
		b.WriteString(`/>`)
	}
	b.WriteString(`</sheetViews>`)
	if len(s.Columns) > 0 {
		b.WriteString(`<cols>`)
		for i, c := range s.Columns {
			style := ""
			if c.Fill { // empty cells to be filled keep what is typed as it is typed
				style = fmt.Sprintf(` style="%d"`, styleText)
			}
			fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d"%s customWidth="1"/>`, i+1, i+1, c.Width, style)
		}
		b.WriteString(`</cols>`)
	}
	b.WriteString(`<sheetData>`)
	return b.String()
}

// tail is a sheet after its last row.
func (s *Sheet) tail(rows int) string {
	var b strings.Builder
	b.WriteString(`</sheetData>`)
	if s.hasHeading() {
		fmt.Fprintf(&b, `<autoFilter ref="A1:%s"/>`, appendReference(nil, len(s.Columns)-1, rows))
	}
	var lists []string
	for i, c := range s.Columns {
		if len(c.Choices) > 0 {
			lists = append(lists, c.validation(columnName(i)))
		}
	}
	if len(lists) > 0 {
		fmt.Fprintf(&b, `<dataValidations count="%d">%s</dataValidations>`, len(lists), strings.Join(lists, ""))
	}
	b.WriteString(`</worksheet>`)
	return b.String()
}

// validation is a list to choose from, below the heading (18.3.1.32). The list is a constant, no formula over cells.
func (c *Column) validation(name string) string {
	strict := ` showErrorMessage="1"`
	if c.Free {
		strict = ""
	}
	return fmt.Sprintf(`<dataValidation type="list" allowBlank="1"%s sqref="%s2:%s%d"><formula1>%s</formula1></dataValidation>`,
		strict, name, name, MaxRows, appendEscaped(nil, `"`+strings.Join(c.Choices, ",")+`"`))
}
