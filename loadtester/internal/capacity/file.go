package capacity

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// A saved search is JSON in gzip, as a saved run is. Each step holds its whole run.
const (
	version = 1
	// largest bounds what is read, unpacked: some dozens of steps.
	largest = 256 << 20
)

type file struct {
	Format      string      `json:"format"`
	Version     int         `json:"version"`
	Objective   string      `json:"objective"`
	Rate        float64     `json:"rate"`
	Above       float64     `json:"above"`
	Confirmed   bool        `json:"confirmed"`
	Limited     string      `json:"limited,omitempty"`
	Interrupted bool        `json:"interrupted,omitempty"`
	Steps       []savedStep `json:"steps"`
}

type savedStep struct {
	Rate         float64        `json:"rate"`
	Kept         bool           `json:"kept"`
	Confirmation bool           `json:"confirmation,omitempty"`
	Limited      string         `json:"limited,omitempty"`
	Disturbed    time.Duration  `json:"disturbed_ns,omitempty"`
	Quiet        bool           `json:"quiet,omitempty"`
	Repeated     bool           `json:"repeated,omitempty"`
	Checks       []expect.Check `json:"checks"`
	Result       []byte         `json:"result"` // a result file
}

// Encode makes the search a file's contents.
func (o *Outcome) Encode() ([]byte, error) {
	f := file{
		Format: result.Search, Version: version, Objective: o.Objective.String(),
		Rate: o.Rate, Above: o.Above, Confirmed: o.Confirmed, Limited: o.Limited, Interrupted: o.Interrupted,
	}
	for _, s := range o.Steps {
		packed, err := s.Result.Encode()
		if err != nil {
			return nil, err
		}
		f.Steps = append(f.Steps, savedStep{s.Rate, s.Kept, s.Confirmation, s.Limited, s.Disturbed, s.Quiet, s.Repeated, s.Checks, packed})
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if err := json.NewEncoder(z).Encode(f); err != nil {
		return nil, fmt.Errorf("encode the search: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode the search: %w", err)
	}
	return packed.Bytes(), nil
}

// Decode reads what Encode made. ok is false where the text is something else.
func Decode(text []byte) (o *Outcome, ok bool, err error) {
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, false, nil
	}
	plain, err := io.ReadAll(io.LimitReader(z, largest+1))
	if err != nil || len(plain) > largest {
		return nil, false, nil // the reader of results says what is wrong
	}
	var f file
	if err := json.Unmarshal(plain, &f); f.Format != result.Search {
		return nil, false, nil
	} else if err != nil {
		return nil, true, fmt.Errorf("it is damaged: %w", err)
	}
	if f.Version > version {
		return nil, true, fmt.Errorf("it is of version %d, and this loadtester reads up to %d", f.Version, version)
	}
	o, err = f.outcome()
	return o, true, err
}

func (f *file) outcome() (*Outcome, error) {
	objective, err := expect.ParseObjective(f.Objective)
	if err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if len(f.Steps) == 0 {
		return nil, errors.New("it is damaged: it has no steps")
	}
	o := &Outcome{Objective: objective, Rate: f.Rate, Above: f.Above, Confirmed: f.Confirmed, Limited: f.Limited, Interrupted: f.Interrupted}
	for _, s := range f.Steps {
		r, err := result.Decode(bytes.NewReader(s.Result))
		if err != nil {
			return nil, fmt.Errorf("a step is damaged: %w", err)
		}
		o.Steps = append(o.Steps, Step{
			Rate: s.Rate, Result: r, Checks: s.Checks, Kept: s.Kept, Confirmation: s.Confirmation, Limited: s.Limited,
			Disturbed: s.Disturbed, Quiet: s.Quiet, Repeated: s.Repeated,
		})
	}
	return o, nil
}
