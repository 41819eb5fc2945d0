package job

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/source"
	"github.com/nexacollect/reconcile/tariff/describe"
	"github.com/nexacollect/reconcile/tariff/diff"
	"github.com/nexacollect/reconcile/tariff/simulate"
)

// DescribeOptions say which tariffs to describe, and in which language.
type DescribeOptions struct {
	Options
	Files []string // patterns
	ID    string   // "" describes all
	Lang  string   // one of describe.Languages
	JSON  bool
}

// SimulateOptions say which session to simulate. Times are RFC 3339 with an offset, numbers decimal; "" leaves an optional one out.
type SimulateOptions struct {
	Options
	Files                   []string // patterns that hold the one tariff
	ID                      string   // "" where there is one only
	Start, End              string
	KWh, MaxPower           string // kWh, kW
	MaxCurrent, TaxPercent  string // A, %; optional
	ChargeFrom, ReserveFrom string // optional
	TimeZone                string
	CDRVersion              ocpi.Version // 0: the tariff's own
}

// DiffOptions say which two tariffs to compare.
type DiffOptions struct {
	Options
	A, B     string // patterns that hold one tariff each
	IDA, IDB string // "" where there is one only
	JSON     bool
}

// Describe writes the description of each tariff to w, in the order of the input, and returns how many records could not be used:
// each is listed with its reason.
func Describe(ctx context.Context, o DescribeOptions, w io.Writer) (rejected int, err error) {
	list, findings, err := readTariffs(ctx, o.Files, o.ID, o.Options)
	if err != nil {
		return 0, err
	}
	for _, f := range findings {
		if _, err := w.Write(console.AppendFinding(nil, f, o.JSON)); err != nil {
			return 0, err
		}
	}
	if len(list) == 0 && len(findings) == 0 {
		return 0, noTariff(o.Files, o.ID)
	}
	for i, t := range list {
		d, err := describe.Describe(t, o.Lang)
		if err != nil {
			return 0, err
		}
		text := d.Text()
		if i > 0 {
			text = "\n\n" + text
		}
		if err := write(w, d, text, o.JSON); err != nil {
			return 0, err
		}
	}
	return len(findings), nil
}

// Simulate writes the CDR of a session to w, on one line.
func Simulate(ctx context.Context, o SimulateOptions, w io.Writer) error {
	in, err := o.input()
	if err != nil {
		return err
	}
	t, err := oneTariff(ctx, o.Files, o.ID, o.Options)
	if err != nil {
		return err
	}
	text, err := simulate.Session(t, in)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// Diff writes which sessions cost differently under two tariffs, and reports whether any does.
func Diff(ctx context.Context, o DiffOptions, w io.Writer) (differ bool, err error) {
	a, err := oneTariff(ctx, []string{o.A}, o.IDA, o.Options)
	if err != nil {
		return false, err
	}
	b, err := oneTariff(ctx, []string{o.B}, o.IDB, o.Options)
	if err != nil {
		return false, err
	}
	r, err := diff.Tariffs(a, b)
	if err != nil {
		return false, err
	}
	return r.Differ(), write(w, r, strings.Join(r.Lines(), "\n")+"\n", o.JSON)
}

// write writes a result as text, or as one line of JSON.
func write(w io.Writer, result json.Marshaler, text string, asJSON bool) error {
	if asJSON {
		line, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("encode: %w", err)
		}
		text = string(line) + "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

// readTariffs reads the tariffs of some files, those of one id where it is given, and what makes other records unusable.
func readTariffs(ctx context.Context, patterns []string, id string, o Options) ([]*ocpi.Tariff, []ocpi.Finding, error) {
	const kind = "tariffs"
	files, err := expand(kind, patterns, "", source.Expand)
	if err != nil {
		return nil, nil, err
	}
	in := &inputs{names: map[string]names{kind: {}}}
	in.names[kind].add("", files)
	d := ocpi.NewDecoder(ocpi.Options{Version: o.Version})
	var list []*ocpi.Tariff
	findings, err := in.readAll(ctx, kind, ocpi.KindTariff, files, func(rec ocpi.Record) []ocpi.Finding {
		t, findings := d.Tariff(rec)
		switch {
		case t != nil && id != "" && !strings.EqualFold(t.ID, id):
			return nil
		case t != nil && ocpi.FirstBlock(findings) == nil:
			list = append(list, t)
		}
		return findings
	})
	if err != nil {
		return nil, nil, err
	}
	var blocking []ocpi.Finding
	for _, f := range findings {
		if f.Severity == ocpi.SeverityBlock {
			blocking = append(blocking, f)
		}
	}
	return list, blocking, nil
}

func noTariff(patterns []string, id string) error {
	if id != "" {
		return fmt.Errorf("no tariff with the id %q in %s", id, strings.Join(patterns, ", "))
	}
	return fmt.Errorf("no tariff in %s", strings.Join(patterns, ", "))
}

// oneTariff reads the one tariff that a file holds, or that has the id.
func oneTariff(ctx context.Context, patterns []string, id string, o Options) (*ocpi.Tariff, error) {
	list, findings, err := readTariffs(ctx, patterns, id, o)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 1:
		return list[0], nil
	case len(list) > 1:
		var ids []string
		for i, t := range list {
			if i == mostIDs {
				ids = append(ids, "…")
				break
			}
			ids = append(ids, t.ID)
		}
		return nil, fmt.Errorf("%d tariffs in %s, want one: %s", len(list), strings.Join(patterns, ", "), strings.Join(ids, ", "))
	case len(findings) > 0:
		return nil, fmt.Errorf("the tariff cannot be used: %s", findings[0])
	}
	return nil, noTariff(patterns, id)
}

// mostIDs is how many ids an error lists.
const mostIDs = 10

// input reads the flags of a session.
func (o *SimulateOptions) input() (simulate.Input, error) {
	in := simulate.Input{Zone: o.TimeZone, Version: o.CDRVersion}
	for _, f := range []struct {
		flag, text string
		to         *time.Time
	}{{"start", o.Start, &in.Start}, {"end", o.End, &in.End}, {"charge-from", o.ChargeFrom, &in.ChargeFrom}, {"reserved-from", o.ReserveFrom, &in.ReservedFrom}} {
		if f.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, f.text)
		if err != nil {
			return in, fmt.Errorf("--%s %q: want a time with its offset, as 2026-03-29T01:30:00+01:00", f.flag, f.text)
		}
		*f.to = at
	}
	var current, tax exact.Decimal
	for _, f := range []struct {
		flag, text string
		to         *exact.Decimal
	}{{"kwh", o.KWh, &in.EnergyKWh}, {"max-power", o.MaxPower, &in.MaxPowerKW}, {"max-current", o.MaxCurrent, &current}, {"tax", o.TaxPercent, &tax}} {
		if f.text == "" {
			continue
		}
		v, err := exact.Parse([]byte(f.text))
		if err != nil {
			return in, fmt.Errorf("--%s %q: want a number", f.flag, f.text)
		}
		*f.to = v
	}
	in.MaxCurrentA = ocpi.Number{Value: current, Present: o.MaxCurrent != ""}
	in.TaxPercent = ocpi.Number{Value: tax, Present: o.TaxPercent != ""}
	return in, nil
}
