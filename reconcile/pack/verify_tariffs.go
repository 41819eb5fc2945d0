package pack

import (
	"errors"
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
)

// tariffSets reads the sets of supplied tariffs. A pack has few.
func (p *payloadCheck) tariffSets() {
	if !p.pack.has(payloadFolder + tariffSetsFile) {
		return
	}
	if p.pack.files[payloadFolder+tariffSetsFile] > maxDocumentBytes {
		p.parse.fault("%s: larger than %d MiB", tariffSetsFile, maxDocumentBytes>>20)
		return
	}
	p.eachObject(tariffSetsFile, func(raw []byte) error {
		d := tariffSetDoc{}
		if err := decodeLine(raw, &d, d.append, &p.buf); err != nil {
			return err
		}
		if d.Set != len(p.sets)+1 {
			return errors.New("sets are not numbered 1, 2, 3 …")
		}
		p.sets = append(p.sets, d)
		return nil
	})
}

// coverSet notes that the index names the tariffs of a set, where a sheet is the first to name it.
func (l *disclosedLine) coverSet(doc *sheetDoc) {
	if doc.Input == nil || doc.Input.Supplied != l.setsSeen+1 || l.setsSeen == len(l.sets) {
		return
	}
	for i := range l.sets[l.setsSeen].Tariffs {
		l.cover(l.sets[l.setsSeen].Tariffs[i].locationDoc)
	}
	l.setsSeen++
}

// supplied decodes the tariffs of a set; none for set 0.
func (p *payloadCheck) supplied(set int) ([]*ocpi.Tariff, error) {
	switch {
	case set == 0:
		return nil, nil
	case set < 0 || set > p.setsSeen:
		return nil, fmt.Errorf("%s has no set %d, or the sheets name it out of order", tariffSetsFile, set)
	}
	list := p.sets[set-1].Tariffs
	out := make([]*ocpi.Tariff, 0, len(list))
	for i := range list {
		t, err := p.tariff(&list[i])
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", tariffSetsFile, set, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func (p *payloadCheck) tariff(d *recordDoc) (*ocpi.Tariff, error) {
	key := d.SHA256 + d.place().String()
	if t := p.tariffs[key]; t != nil {
		return t, nil
	}
	raw, err := p.readRecord(kindTariff, d)
	if err != nil {
		return nil, err
	}
	t, _ := p.decoder.Tariff(ocpi.Record{Place: d.place(), Bytes: raw})
	if t == nil {
		return nil, fmt.Errorf("the tariff in %s at offset %d cannot be read", d.Shard, d.Offset)
	}
	if len(p.tariffs) < maxKept {
		p.tariffs[key] = t
	}
	return t, nil
}

// tariffBytes are the bytes of a supplied tariff as received; nil where they cannot be read.
func (l *disclosedLine) tariffBytes(d *recordDoc) []byte {
	if raw := l.raw[d.SHA256]; raw != nil {
		return raw
	}
	if t, err := l.tariff(d); err == nil && d.SHA256 != "" {
		return t.Record.Bytes
	}
	return nil
}
