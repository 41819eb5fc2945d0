package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the golden sections of the scripts anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"reconcile": func() { os.Exit(run()) }})
}

// TestScript runs every script of testdata against the real program.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"tamper": tamper, "truth": truth, "masters": masters, "spreadsheet": spreadsheet, "hybrid": hybrid, "export": export, "nest": nest,
			"authority": authority, "leaks": leaks, "sameverdicts": sameverdicts, "resealed": resealed,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("RECONCILE_DATA", os.Getenv("RECONCILE_DATA"))
			env.Setenv("GORACE", os.Getenv("GORACE")) // by default each raced process sleeps a second before it ends
			second, err := filepath.Abs(filepath.Join("testdata", "independent", "verify.py"))
			if err != nil {
				return err
			}
			env.Setenv("SECOND_VERIFIER", second)
			return nil
		},
	})
}
