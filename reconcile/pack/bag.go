package pack

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Names in a bag (RFC 8493, 2.1 and 2.2).
const (
	payloadFolder   = "data/"
	declarationFile = "bagit.txt"
	infoFile        = "bag-info.txt"
	manifestFile    = "manifest-sha256.txt"
	tagManifestFile = "tagmanifest-sha256.txt"
)

// Files of the payload, below data/.
const (
	summaryFile        = "summary.json"
	linesFile          = "lines.ndjson"
	linesCSVFile       = "lines.csv"
	linesXLSXFile      = "lines.xlsx"
	linesParquetFile   = "lines.parquet"
	statementFile      = "statement.pdf"
	certificationsFile = "certifications.pdf"
	notInvoicedFile    = "not_invoiced.ndjson"
	findingsFile       = "findings.ndjson"
	indexFile          = "index.ndjson"
	sourcesFile        = "sources.json"
	caseFile           = "case.json"
	engineFile         = "engine.json"
	mastersFile        = "master_lines.ndjson" // where there are master lines
)

// payloadFiles are the files that every pack has.
var payloadFiles = [...]string{
	caseFile, certificationsFile, engineFile, findingsFile, indexFile, linesFile, notInvoicedFile, sourcesFile, statementFile, summaryFile,
}

// declaration is bagit.txt (RFC 8493, 2.1.1).
const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// renderInfo is bag-info.txt (RFC 8493, 2.2.2).
func renderInfo(agent, asOf string, payload []digest) []byte {
	var size int64
	for _, d := range payload {
		size += d.size
	}
	var b strings.Builder
	b.WriteString("Bag-Software-Agent: " + oneLine(agent) + "\n")
	b.WriteString("Bagging-Date: " + oneLine(asOf) + "\n")
	b.WriteString("Payload-Oxum: " + strconv.FormatInt(size, 10) + "." + strconv.Itoa(len(payload)) + "\n")
	return []byte(b.String())
}

// oneLine keeps a value on its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// renderManifest is a manifest (RFC 8493, 2.1.3), sorted by name. sha256sum -c reads it.
func renderManifest(files []digest) []byte {
	slices.SortFunc(files, func(a, b digest) int { return cmp.Compare(a.name, b.name) })
	var out []byte
	for _, f := range files {
		out = append(append(out, f.sha256...), "  "...)
		out = append(append(out, f.name...), '\n')
	}
	return out
}
