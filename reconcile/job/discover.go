package job

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/source"
)

// Found is what the files of a folder hold.
type Found struct {
	Files map[string][]string // by key of the case file's inputs section, relative to the folder
	Other []string            // files of no known kind
	party reconcile.Party     // the owner of the first CDR that names one
}

// inputKinds are the keys of the inputs section, in its order.
var inputKinds = []string{"cdrs", "sessions", "tariffs", "locations", "tokens", "invoices", "disputes", "invoice_reconciliation"}

// kindKeys says under which key objects of a kind stand.
var kindKeys = map[ocpi.Kind]string{
	ocpi.KindCDR: "cdrs", ocpi.KindSession: "sessions", ocpi.KindTariff: "tariffs", ocpi.KindLocation: "locations",
	ocpi.KindToken:                 "tokens",
	ocpi.KindInvoiceReconciliation: "invoice_reconciliation",
}

// Discover tells from first records and headings what the files of a folder hold. It does not look below the folder.
func Discover(ctx context.Context, dir string) (*Found, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look into the folder: %w", err)
	}
	f := &Found{Files: map[string][]string{}}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		file := filepath.Join(dir, e.Name())
		key, err := f.keyOf(ctx, file)
		if err != nil {
			return nil, err
		}
		switch key {
		case "":
		case "other":
			f.Other = append(f.Other, e.Name())
		default:
			f.Files[key] = append(f.Files[key], e.Name())
		}
	}
	return f, nil
}

// keyOf is the key under which a file belongs, "other" for data of no known kind, "" for files that are no data.
func (f *Found) keyOf(ctx context.Context, file string) (string, error) {
	name := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(file), ".gz"), ".zst")
	switch filepath.Ext(name) {
	case ".parquet":
		if key, err := f.recordKey(ctx, file); err != nil || key != "other" {
			return key, err
		}
		return tableKey(ctx, file)
	case ".csv", ".tsv", ".xlsx", ".xlsm", ".xml", ".pdf":
		return tableKey(ctx, file)
	case ".json", ".ndjson", ".jsonl":
		return f.recordKey(ctx, file)
	}
	return "", nil
}

func (f *Found) recordKey(ctx context.Context, file string) (string, error) {
	set, err := source.Open([]string{file}, source.Options{Batch: 1, Builder: func(string) source.Builder { return noTable{} }})
	if err != nil {
		return "", err
	}
	defer func() { _ = set.Close() }() // only read from
	for b, err := range set.Batches(ctx) {
		if err != nil {
			return "", err
		}
		if len(b.Records) > 0 {
			return f.kindOf(b.Records[0].Bytes), nil
		}
	}
	return "other", nil
}

// noTable reads no table: what tables hold is told by their headings.
type noTable struct{ *reconcile.RecordReader }

// Fits implements source.Builder.
func (noTable) Fits([]string) bool { return false }

// Heading implements source.Builder.
func (noTable) Heading([]string) ([]ocpi.Finding, error) {
	return []ocpi.Finding{{Severity: ocpi.SeverityBlock}}, nil
}

// kindOf is the key of a record, and keeps the owner of the first CDR.
func (f *Found) kindOf(raw []byte) string {
	key, ok := kindKeys[ocpi.DetectKind(raw)]
	if !ok {
		return "other"
	}
	if id, ok := ocpi.ScanIdentity(raw); ok && key == "cdrs" && f.party.PartyID == "" {
		f.party = reconcile.Party{CountryCode: strings.Clone(id.CountryCode), PartyID: strings.Clone(id.PartyID)}
	}
	return key
}

func tableKey(ctx context.Context, file string) (string, error) {
	t, err := source.OpenTable([]string{file}, source.Options{
		Heading: func(names []string) bool { return kindOfTable(names) != "other" },
		Column:  func(name string) string { return reconcile.InvoiceColumn(name, nil) },
	})
	if err != nil {
		return "", err
	}
	defer func() { _ = t.Close() }() // only read from
	next, stop := iter.Pull2(t.Batches(ctx))
	defer stop()
	rows, err, ok := next()
	if !ok || err != nil {
		return "other", err
	}
	return kindOfTable(rows.Header), nil
}

// kindOfTable is the key of a table by its heading.
func kindOfTable(names []string) string {
	if kind, ok := reconcile.OwnRecordHeading(names); ok {
		return kindKeys[kind]
	}
	if _, _, err := reconcile.NewLineReader(names, nil); err == nil {
		return "invoices"
	}
	if _, _, err := reconcile.NewClaimReader(names, nil); err == nil {
		return "disputes"
	}
	return "other"
}

// Text counts the files found, "2 cdrs, 1 invoices".
func (f *Found) Text() string {
	var parts []string
	for _, kind := range inputKinds {
		if n := len(f.Files[kind]); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind))
		}
	}
	if len(f.Other) > 0 {
		parts = append(parts, fmt.Sprintf("%d of no known kind (%s)", len(f.Other), strings.Join(f.Other, ", ")))
	}
	if len(parts) == 0 {
		return "no data files found here"
	}
	return strings.Join(parts, ", ")
}

// CaseFile is a case file for what was found, with a comment on every setting.
func (f *Found) CaseFile() string {
	var b strings.Builder
	b.WriteString("# A reconciliation case. Relative files and globs start from the folder of this file.\ncase: ")
	fmt.Fprintf(&b, "%s\n", "Settlement under dispute")
	b.WriteString("# as_of: 2026-11-01        # date of the result; the latest date in the inputs where not given\n")
	b.WriteString("# parties:                  # printed in the pack\n")
	creditor := f.party
	if creditor.PartyID == "" {
		creditor = reconcile.Party{CountryCode: "NL", PartyID: "CPO"}
	}
	fmt.Fprintf(&b, "#   creditor: {country_code: %s, party_id: %s}\n", creditor.CountryCode, creditor.PartyID)
	b.WriteString("#   debtor: {country_code: DE, party_id: EMP}\ninputs:\n")
	for _, kind := range inputKinds {
		files := slices.Clone(f.Files[kind])
		if len(files) == 0 && kind == "invoice_reconciliation" {
			continue // few have any
		}
		for i := range files {
			files[i] = fmt.Sprintf("%q", files[i])
		}
		comment := ""
		if len(files) == 0 {
			comment = "  # none found here"
		}
		fmt.Fprintf(&b, "  %s: [%s]%s\n", kind, strings.Join(files, ", "), comment)
	}
	b.WriteString(caseFileTerms)
	return b.String()
}

const caseFileTerms = `# theirs: {cdrs: [their.ndjson], sessions: []} # the debtor's own copies, to compare with ours; they change nothing that is owed
# What the parties agreed. Leave out what they did not: nothing is assumed in anyone's favour.
agreement:
  # tariffs: [agreed.json]      # agreed tariffs; they are priced beside the CDR's own
  # time_zone: Europe/Amsterdam # stands above what the records say
  # rounding: {decimals: 2, mode: half-up, per: session}
  # tolerance: {amount: 0.005, percent: 0, kwh: 0.001, seconds: 60}
  # rules: {}                   # open questions of the spec that the parties settled: reconcile explain QUESTION
  # limits: {across: true, late_days: 30} # what a CDR must pass to go without a finding; across compares all CDRs with each other
  corroboration: session        # a disputed quantity needs a session beside the CDR; none: the CDR is enough
# invoices:                     # totals that invoices state beside their lines: do they add up?
#   INV-2026-09: {totals: {currency: EUR, net: 100.00, tax: 21.00, gross: 121.00}}
# columns:                      # headings of your tables that are not found by name
#   invoice: {kwh: "Energie (kWh)"}   # and disputes, cdrs, sessions
# policy:                       # severities of findings; they never move a cent
#   late-cdr: info
`
