package main

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// app is what every verb shares: its streams and the common flags.
type app struct {
	in       io.Reader
	out, err io.Writer

	format      string
	progress    string
	quiet       bool
	workers     int
	memory      byteSize
	ocpiVersion string
	asOf        string
}

const rootLong = `reconcile recomputes OCPI charge detail records from first principles, matches them against a disputed
invoice, says line by line who is right, and writes an evidence pack that the other side can check.

It works offline. Results go to standard output, everything else to standard error.`

const exitHelp = `
EXIT STATUS
  0    done (check, tariff lint, verify: and nothing wrong)
  1    something wrong was found (check, tariff lint, verify; run and price with --exit-code)
  2    usage or environment: a bad flag, an unreadable file, a full disk
  3    finished, but some records could not be used; each is listed with its reason
  130  cancelled
`

func newRootCmd(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "reconcile",
		Short:         "Turn a disputed EV-charging settlement into a proved one",
		Long:          rootLong + "\n" + exitHelp,
		Example:       "  reconcile demo\n  reconcile run case.yaml --out pack\n  reconcile verify pack",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee '%s --help'", err, cmd.CommandPath())
	})
	a.addFlags(root.PersistentFlags())
	root.AddCommand(
		newDemoCmd(a), newRunCmd(a), newInitCmd(a), newPriceCmd(a), newCheckCmd(a), newConvertCmd(a), newShowCmd(a), newVerifyCmd(a),
		newCompareCmd(a), newListCmd(a), newSignCmd(a), newKeygenCmd(a), newPackCmd(a), newCommitCmd(a), newRedactCmd(a), newOpenCmd(a), newExplainCmd(a),
		newGenerateCmd(a), newTariffCmd(a), newVersionCmd(a),
	)
	return root
}

func (a *app) addFlags(f *pflag.FlagSet) {
	f.StringVar(&a.format, "format", "text", "text, or json: one object on a line, for machines")
	f.StringVar(&a.progress, "progress", "auto", "auto (a terminal only), always or never")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "nothing on standard error but errors")
	f.IntVar(&a.workers, "workers", runtime.GOMAXPROCS(0), "how many records to work on at a time; the result does not depend on it")
	a.memory = defaultMemory
	f.Var(&a.memory, "memory", "what a run may hold of its inputs, the rest goes to a temporary file; the process takes some 230 MB besides")
	f.StringVar(&a.ocpiVersion, "ocpi-version", "", "2.1.1, 2.2.1 or 2.3.0; detected for each record where not given")
	f.StringVar(&a.asOf, "as-of", "", "date of the result, YYYY-MM-DD; the latest date in the inputs where not given")
}

// checkFlags looks at the values of the common flags.
func (a *app) checkFlags() error {
	if a.format != "text" && a.format != "json" {
		return fmt.Errorf("--format %q: want text or json", a.format)
	}
	if a.progress != "auto" && a.progress != "always" && a.progress != "never" {
		return fmt.Errorf("--progress %q: want auto, always or never", a.progress)
	}
	if a.workers < 1 || a.workers > maxWorkers {
		return fmt.Errorf("--workers %d: want 1 to %d", a.workers, maxWorkers)
	}
	if _, err := a.version(); err != nil {
		return err
	}
	_, err := a.date()
	return err
}

// checkZone looks at a time zone flag; "" is no zone.
func checkZone(name string) error {
	if name == "" {
		return nil
	}
	if _, err := zone.Load(name); err != nil {
		return fmt.Errorf("--time-zone %q: want a name of the IANA database, as Europe/Amsterdam", name)
	}
	return nil
}

const maxWorkers = 1024

// version reads --ocpi-version; 0 detects.
func (a *app) version() (ocpi.Version, error) {
	if a.ocpiVersion == "" {
		return 0, nil
	}
	v, ok := ocpi.ParseVersion(a.ocpiVersion)
	if !ok {
		return 0, fmt.Errorf("--ocpi-version %q: want 2.1.1, 2.2.1 or 2.3.0", a.ocpiVersion)
	}
	return v, nil
}

// date reads --as-of; the zero time where it was not given.
func (a *app) date() (time.Time, error) {
	if a.asOf == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, a.asOf)
	if err != nil {
		return t, fmt.Errorf("--as-of %q: want a date as YYYY-MM-DD", a.asOf)
	}
	return t, nil
}
