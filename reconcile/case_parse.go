package reconcile

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/ocpi/ocmf"
	"github.com/nexacollect/reconcile/tariff"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// maxCaseBytes is the largest case file. The YAML parser's time grows with the square of what it is given.
const maxCaseBytes = 64 << 10

// ParseCase reads a case file strictly: unknown keys and bad values are errors with line and column.
func ParseCase(name string, text []byte) (*Case, error) {
	if len(text) > maxCaseBytes {
		return nil, fmt.Errorf("%s: the case file has %d bytes, more than the limit of %d", name, len(text), maxCaseBytes)
	}
	r := &caseReader{file: name}
	body, err := r.document(text)
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, fmt.Errorf("%s: the case file is empty", name)
	}
	c := &Case{file: path.Base(strings.ReplaceAll(name, `\`, "/")), Agreement: AgreementTerms{Tolerance: DefaultTolerance(), Limits: DefaultLimits(), Matching: DefaultMatching()}}
	r.section(body, "the case file",
		r.text("case", &c.Name),
		r.date("as_of", &c.AsOf),
		member{"parties", func(n ast.Node) { r.parties(n, c) }},
		member{"inputs", func(n ast.Node) { r.inputs(n, &c.Inputs) }},
		member{"theirs", func(n ast.Node) {
			r.section(n, "theirs", r.texts("cdrs", &c.Theirs.CDRs), r.texts("sessions", &c.Theirs.Sessions))
		}},
		member{"agreement", func(n ast.Node) { r.agreement(n, &c.Agreement) }},
		member{"invoices", func(n ast.Node) { r.invoices(n, c) }},
		member{"columns", func(n ast.Node) { r.columns(n, c) }},
		member{"policy", func(n ast.Node) { r.policy(n, c) }},
		member{"lines_as", func(n ast.Node) { r.linesAs(n, c) }},
		r.oneOf("disclosure", &c.Disclosure, disclosures...),
	)
	if err := r.err(); err != nil {
		return nil, err
	}
	return c, nil
}

func (r *caseReader) date(name string, into *time.Time) member {
	return r.parsed(name, func(text string) error {
		for _, form := range []string{time.DateOnly, time.RFC3339} {
			if t, err := time.Parse(form, text); err == nil {
				*into = t.UTC()
				return nil
			}
		}
		return fmt.Errorf("%q is no date, want 2026-11-01", text)
	})
}

func (r *caseReader) parties(n ast.Node, c *Case) {
	party := func(name string, into *Party) member {
		return member{name, func(n ast.Node) {
			r.section(n, name,
				r.text("country_code", &into.CountryCode), r.text("party_id", &into.PartyID), r.text("name", &into.Name))
		}}
	}
	r.section(n, "parties", party("creditor", &c.Creditor), party("debtor", &c.Debtor))
}

func (r *caseReader) inputs(n ast.Node, in *Inputs) {
	r.section(n, "inputs",
		r.texts("cdrs", &in.CDRs), r.texts("sessions", &in.Sessions), r.texts("tariffs", &in.Tariffs),
		r.texts("locations", &in.Locations), r.texts("tokens", &in.Tokens),
		r.texts("invoices", &in.Invoices), r.texts("disputes", &in.Disputes),
		r.texts("invoice_reconciliation", &in.InvoiceReconciliation),
		r.texts("responses", &in.Responses), r.texts("decisions", &in.Decisions),
		r.parsed("time_zone", func(text string) error {
			in.TimeZone = text
			_, err := zone.Load(text)
			return err
		}))
}

func (r *caseReader) agreement(n ast.Node, a *AgreementTerms) {
	r.section(n, "agreement",
		r.texts("tariffs", &a.Tariffs),
		r.parsed("time_zone", func(text string) error {
			a.TimeZone = text
			_, err := zone.Load(text)
			return err
		}),
		member{"rounding", func(n ast.Node) { r.rounding(n, a) }},
		member{"tolerance", func(n ast.Node) { r.tolerance(n, &a.Tolerance) }},
		member{"rules", func(n ast.Node) { r.rules(n, a) }},
		r.oneOf("corroboration", &a.Corroboration, corroborateBySession, corroborateNone),
		member{"limits", func(n ast.Node) { r.limits(n, &a.Limits) }},
		member{"matching", func(n ast.Node) { r.matching(n, &a.Matching) }},
		member{"meter_keys", func(n ast.Node) { r.meterKeys(n, a) }},
		r.flag("v2g", &a.V2G),
	)
}

// limits reads what a CDR must pass; "none" takes a limit away.
func (r *caseReader) limits(n ast.Node, l *Limits) {
	members := []member{r.date("cutoff", &l.Cutoff), r.texts("signed_in", &l.SignedIn), r.flag("across", &l.Across)}
	for _, limit := range l.numbers() {
		members = append(members, r.numberOrNone(limit.name, limit.value))
	}
	r.section(n, "limits", members...)
}

// meterKeys reads the public keys that meters are known to have.
func (r *caseReader) meterKeys(n ast.Node, a *AgreementTerms) {
	a.MeterKeys = map[string]string{}
	r.entries(n, "meter_keys", func(id string, keyNode, value ast.Node) {
		text, ok := r.scalar(value)
		if !ok {
			r.fail(value, "meter_keys.%s is %s, want a public key", id, kindOf(value))
			return
		}
		if plainID(id) == "" {
			r.fail(keyNode, "meter_keys: %q names no meter", id)
			return
		}
		if key, reason := ocmf.ParseKey(text); key == nil {
			r.fail(value, "meter_keys.%s: %s; want SubjectPublicKeyInfo or a point, in hexadecimal digits or base64, or PEM", id, reason)
			return
		}
		a.MeterKeys[id] = text
	})
}

func (r *caseReader) oneOf(name string, into *string, choices ...string) member {
	return r.parsed(name, func(text string) error {
		if !slices.Contains(choices, text) {
			return fmt.Errorf("%q is not known, want %s", text, strings.Join(choices, " or "))
		}
		*into = text
		return nil
	})
}

func (r *caseReader) flag(name string, into *bool) member {
	return r.parsed(name, func(text string) error {
		switch text {
		case "true":
			*into = true
		case "false":
			*into = false
		default:
			return fmt.Errorf("%q is not known, want true or false", text)
		}
		return nil
	})
}

func (r *caseReader) tolerance(n ast.Node, t *Tolerance) {
	r.section(n, "tolerance",
		r.decimal("amount", func(v exact.Decimal) { t.Amount = Known(v) }),
		r.decimal("percent", func(v exact.Decimal) { t.Percent = v }),
		r.decimal("kwh", func(v exact.Decimal) { t.KWh = v }),
		r.decimal("seconds", func(v exact.Decimal) { t.Seconds = v }),
	)
}

// decimal reads a number that is not negative.
func (r *caseReader) decimal(name string, set func(exact.Decimal)) member {
	return r.parsed(name, func(text string) error {
		v, err := exact.Parse([]byte(text))
		if err != nil {
			return fmt.Errorf("%q: %w", text, err)
		}
		if v.Sign() < 0 {
			return errors.New("is negative")
		}
		set(v)
		return nil
	})
}

func (r *caseReader) rules(n ast.Node, a *AgreementTerms) {
	a.Rules = map[string]string{}
	probe := *tariff.RulesFor(ocpi.V221)
	r.entries(n, "rules", func(name string, keyNode, value ast.Node) {
		choice, ok := r.scalar(value)
		if !ok {
			r.fail(value, "rules.%s is %s, want the name of a choice", name, kindOf(value))
			return
		}
		if err := probe.Set(name, choice); err != nil {
			r.fail(keyNode, "rules: %v", err)
			return
		}
		a.Rules[name] = choice
	})
}

func (r *caseReader) columns(n ast.Node, c *Case) {
	c.Columns = map[string]Columns{}
	table := func(name string, known []string) member {
		return member{name, func(n ast.Node) {
			mapping := Columns{}
			r.entries(n, "columns."+name, func(native string, keyNode, value ast.Node) {
				heading, ok := r.scalar(value)
				switch {
				case !slices.Contains(known, native):
					r.fail(keyNode, "unknown column %q in columns.%s (known: %s)", native, name, strings.Join(known, ", "))
				case !ok || heading == "":
					r.fail(value, "columns.%s.%s is %s, want the heading of a column", name, native, kindOf(value))
				default:
					mapping[native] = heading
				}
			})
			c.Columns[name] = mapping
		}}
	}
	r.section(n, "columns", table("invoice", InvoiceColumns()), table("disputes", DisputeColumns()), table("responses", ResponseColumns()),
		table("cdrs", RecordColumns(ocpi.KindCDR)), table("sessions", RecordColumns(ocpi.KindSession)))
}

func (r *caseReader) policy(n ast.Node, c *Case) {
	c.Policy = map[ocpi.Code]ocpi.Severity{}
	r.entries(n, "policy", func(code string, keyNode, value ast.Node) {
		text, _ := r.scalar(value)
		severity, ok := ocpi.ParseSeverity(text)
		switch _, known := ocpi.LookupCode(ocpi.Code(code)); {
		case !known:
			r.fail(keyNode, "unknown code %q in policy ('reconcile explain --list' lists the codes)", code)
		case !ok:
			r.fail(value, "policy.%s: %q is no severity, want info, warn, error or block", code, text)
		default:
			c.Policy[ocpi.Code(code)] = severity
		}
	})
}
