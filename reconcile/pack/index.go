package pack

import "strconv"

// indexDoc is an object of index.ndjson: where the evidence of a disclosed line stands in the pack, and stood in the input.
type indexDoc struct {
	Row         int         `json:"row"` // 1-based line of lines.ndjson
	InvoiceID   string      `json:"invoice_id"`
	Line        string      `json:"line"`
	Conceded    string      `json:"conceded_reason"` // of the line's reasons, which moved the conceded part; null for none
	Unproven    string      `json:"unproven_reason"` // likewise: one reason may have moved both parts
	Verdict     locationDoc `json:"verdict"`
	InvoiceLine []recordDoc `json:"invoice_line"`
	Claims      []recordDoc `json:"claims"`
	CDRs        []recordDoc `json:"cdrs"` // the supporting one first
	Sessions    []recordDoc `json:"sessions"`
	Tariffs     []recordDoc `json:"tariffs"`
	Sheets      []sheetRef  `json:"sheets"`
	Responses   []recordDoc `json:"responses"` // of response sheets; like the decisions only written where there is any
	Decisions   []recordDoc `json:"decisions"`
	Stated      *statedDoc  `json:"stated"` // likewise
}

// locationDoc is a stretch of a file below data/, without the line break that ends it.
type locationDoc struct {
	Shard  string `json:"shard"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
}

// recordDoc is a record: where it stands in the pack, how it is written there, the digest of its bytes as received, and their place
// in the input.
type recordDoc struct {
	locationDoc
	Encoding string    `json:"encoding"`
	SHA256   string    `json:"sha256"`
	Source   sourceDoc `json:"source"`
}

// sourceDoc is a place in an input file.
type sourceDoc struct {
	File   string `json:"file"`
	Record int    `json:"record"`
	Line   int    `json:"line"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
}

// sheetRef is a sheet by name.
type sheetRef struct {
	Name string `json:"name"`
	locationDoc
}

// records are the lists of records in the order of kinds.
func (d *indexDoc) records() [recordKinds]*[]recordDoc {
	return [recordKinds]*[]recordDoc{
		kindInvoiceLine: &d.InvoiceLine, kindClaim: &d.Claims, kindCDR: &d.CDRs, kindSession: &d.Sessions, kindTariff: &d.Tariffs,
		kindResponse: &d.Responses, kindDecision: &d.Decisions,
	}
}

var recordMembers = [recordKinds]string{
	kindInvoiceLine: `,"invoice_line":[`, kindClaim: `],"claims":[`, kindCDR: `],"cdrs":[`, kindSession: `],"sessions":[`,
	kindTariff: `],"tariffs":[`, kindResponse: `,"responses":[`, kindDecision: `,"decisions":[`,
}

// append appends the object and its line break.
func (d *indexDoc) append(dst []byte) []byte {
	dst = strconv.AppendInt(append(dst, `{"row":`...), int64(d.Row), 10)
	dst = appendString(append(dst, `,"invoice_id":`...), d.InvoiceID)
	dst = appendString(append(dst, `,"line":`...), d.Line)
	dst = appendMember(dst, `,"conceded_reason":`, d.Conceded)
	dst = appendMember(dst, `,"unproven_reason":`, d.Unproven)
	dst = append(d.Verdict.append(append(dst, `,"verdict":{`...)), '}')
	lists := d.records()
	for kind, list := range lists[:kindResponse] {
		dst = appendRecords(append(dst, recordMembers[kind]...), *list)
	}
	dst = append(dst, `],"sheets":[`...)
	for i := range d.Sheets {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(append(dst, `{"name":`...), d.Sheets[i].Name)
		dst = append(d.Sheets[i].locationDoc.append(append(dst, ',')), '}')
	}
	dst = append(dst, ']')
	for kind := kindResponse; kind < recordKinds; kind++ {
		if list := *lists[kind]; len(list) > 0 {
			dst = append(appendRecords(append(dst, recordMembers[kind]...), list), ']')
		}
	}
	dst = d.Stated.append(dst)
	return append(dst, "}\n"...)
}

func appendRecords(dst []byte, list []recordDoc) []byte {
	for i := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = list[i].append(dst)
	}
	return dst
}

// append appends the members, without braces.
func (d *locationDoc) append(dst []byte) []byte {
	dst = appendString(append(dst, `"shard":`...), d.Shard)
	dst = appendNumberMember(dst, `,"offset":`, d.Offset)
	return appendNumberMember(dst, `,"length":`, d.Length)
}

func (d *recordDoc) append(dst []byte) []byte {
	dst = d.locationDoc.append(append(dst, '{'))
	dst = appendString(append(dst, `,"encoding":`...), d.Encoding)
	dst = appendString(append(dst, `,"sha256":`...), d.SHA256)
	dst = appendMember(dst, `,"source":{"file":`, d.Source.File)
	dst = appendNumberMember(dst, `,"record":`, int64(d.Source.Record))
	dst = appendNumberMember(dst, `,"line":`, int64(d.Source.Line))
	dst = appendNumberMember(dst, `,"offset":`, d.Source.Offset)
	dst = appendNumberMember(dst, `,"length":`, d.Source.Length)
	return append(dst, "}}"...)
}
