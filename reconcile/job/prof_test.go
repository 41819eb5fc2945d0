package job

import (
	"context"
	"os"
	"testing"

	"github.com/nexacollect/reconcile/reconcile"
)

func TestProf(t *testing.T) {
	dir := os.Getenv("PROF_DIR")
	if dir == "" {
		t.Skip("no PROF_DIR")
	}
	text, _ := os.ReadFile(dir + "/case.yaml")
	c, err := reconcile.ParseCase("case.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Run(context.Background(), RunOptions{Case: c, Dir: dir, Out: "/tmp/profpack", Force: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(s.Outcomes)
}
