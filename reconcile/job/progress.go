package job

// Progress is how far a run has come. It is handed to the caller's function now and then, from one goroutine at a time.
type Progress struct {
	Stage      string // read cdrs, read sessions, judge, …
	Records    int64  // of this stage
	Bytes      int64  // read in this stage, 0 where it reads none
	TotalBytes int64  // to read in this stage, 0 where unknown
	Total      int64  // records of this stage, 0 where unknown
}

// meter counts what a stage did and reports it every few records.
type meter struct {
	report func(Progress)
	now    Progress
	every  int64
}

func newMeter(report func(Progress), stage string) *meter {
	return &meter{report: report, now: Progress{Stage: stage}, every: 4096}
}

// add counts records; bytes is how much of the input has been read by now.
func (m *meter) add(records int, bytes int64) {
	before := m.now.Records
	m.now.Records += int64(records)
	m.now.Bytes = bytes
	if m.report != nil && before/m.every != m.now.Records/m.every {
		m.report(m.now)
	}
}

// end reports the stage as done.
func (m *meter) end() {
	if m.report != nil && m.now.Records > 0 {
		m.now.Total, m.now.TotalBytes = m.now.Records, m.now.Bytes
		m.report(m.now)
	}
}
