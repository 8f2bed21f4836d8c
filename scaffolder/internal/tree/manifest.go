package tree

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/seniorbackend/tools/shared/problem"
)

// ManifestName is the file in the output directory that records what was
// generated.
const ManifestName = ".scaffolder.json"

const manifestVersion = 1

// manifest is the form of ManifestName.
type manifest struct {
	Schema  string `json:"schema"`
	Version int    `json:"version"`
	// Memory is what the generator wants to know in the next run; tree does not read it.
	Memory json.RawMessage `json:"memory,omitempty"`
	Files  []entry         `json:"files"`
}

// entry records one file as it was last written.
type entry struct {
	Path  string `json:"path"`
	Owner Owner  `json:"owner"`
	// SHA256 is of the file as the tool wrote it; a tool-owned file that has
	// another one now was edited.
	SHA256 string `json:"sha256"`
	// Symbols are the stubs that were offered in a user-owned file. One that
	// its user deleted is not offered again.
	Symbols []string `json:"symbols,omitempty"`
}

// Recall is what the last run in a directory remembered; nil: nothing.
func Recall(dir string) (json.RawMessage, error) {
	root, err := openRoot(dir)
	if err != nil || root == nil {
		return nil, err
	}
	defer root.Close()
	m, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	return m.Memory, nil
}

// Remember has the manifest hold something for the next run.
func (p *Plan) Remember(memory json.RawMessage) { p.after.Memory = memory }

// readManifest gives an empty manifest where there is none.
func readManifest(root *os.Root) (*manifest, error) {
	m := &manifest{Schema: "scaffolder.manifest", Version: manifestVersion}
	if root == nil {
		return m, nil
	}
	data, err := root.ReadFile(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, problem.Wrap(err, "", "cannot read %s: %v", ManifestName, err)
	}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, problem.Wrap(err, "restore it from version control; or delete it, and use --force once", "%s cannot be read: %v", ManifestName, err)
	}
	if m.Version != manifestVersion {
		return nil, problem.New("use the scaffolder that wrote it, or a later one", "%s has version %d, and this scaffolder knows version %d", ManifestName, m.Version, manifestVersion)
	}
	return m, nil
}

func (m *manifest) find(path string) *entry {
	for i := range m.Files {
		if m.Files[i].Path == path {
			return &m.Files[i]
		}
	}
	return nil
}

func (m *manifest) encode() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(m) // texts and numbers only: it always encodes
	return b.Bytes()
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
