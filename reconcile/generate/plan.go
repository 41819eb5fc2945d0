package generate

// plan chooses the defect of each record.
type plan struct {
	defects []defect
	due     []int // defects that have not appeared yet, by index
	none    defect
	spanned defect // what is left of a visit across a boundary that is too small to dispute: the boundary is there all the same
}

// dueEvery is how often a record gives room to a defect that has not appeared, until each has: all are in the first 200 records.
const dueEvery = 2

// newPlan takes the defects of a list that can appear at all.
func newPlan(list []defect, possible func(*defect) bool) *plan {
	p := &plan{none: defect{name: noDefect, cdrs: 1, make: clean}, spanned: defect{name: spansBoundary, cdrs: 1, make: spanNoted}}
	for _, d := range list {
		if possible(&d) {
			p.due = append(p.due, len(p.defects))
			p.defects = append(p.defects, d)
		}
	}
	return p
}

// choose picks a defect for a record by the rates, or one that is due. room is how many CDRs may still be written.
func (p *plan) choose(record int64, v version, room int, r *random) *defect {
	fits := func(d *defect) bool { return d.cdrs <= room && (v != v211 || !d.only221) }
	drawn := r.below(1_000_000)
	if record%dueEvery == 1 {
		for _, i := range p.due {
			if fits(&p.defects[i]) {
				return &p.defects[i]
			}
		}
	}
	for i := range p.defects {
		d := &p.defects[i]
		if drawn -= d.rate; drawn < 0 {
			if fits(d) {
				return d
			}
			break
		}
	}
	return &p.none
}

// work works the defect into the group's visit, or none where the visit does not suit it.
func (p *plan) work(d *defect, g *group, record int64) {
	if !d.suits(&g.main) {
		left := &p.none
		if d.needs == acrossDay {
			left = &p.spanned
		}
		d = left
	}
	g.reset(record, d.name)
	d.make(g)
	if g.defect != d.name {
		return // it could not be worked in after all
	}
	for k, i := range p.due {
		if &p.defects[i] == d {
			p.due = append(p.due[:k], p.due[k+1:]...)
			break
		}
	}
}
