package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/tariff/zone"
)

// version is the release; revision is set by the build.
const version = "0.1.0"

var revision string

// engine says what this binary is.
func engine() reconcile.Engine {
	rev := revision
	if info, ok := debug.ReadBuildInfo(); ok && rev == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				rev = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return reconcile.Engine{Name: "reconcile", Version: version, Revision: rev, Go: runtime.Version(), TZData: zone.Version}
}

// program tells this binary from others that say the same of themselves, as builds of changed sources do.
func program() string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(file)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.Size(), info.ModTime().UTC())
}

func newVersionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print version, revision, Go and tzdata versions",
		Example: "  reconcile version\n  reconcile version --format json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			e := engine()
			if a.format == "json" {
				return json.NewEncoder(a.out).Encode(e)
			}
			_, err := fmt.Fprintf(a.out, "reconcile %s\nrevision  %s\ngo        %s\ntzdata    %s\n", e.Version, orUnknown(e.Revision), e.Go, e.TZData)
			return err
		},
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}
