package tree

import "os"

// GeneratedFiles are the tool-owned files of a generated project, by path.
func GeneratedFiles(dir string) ([]string, error) {
	root, err := openRoot(dir)
	if err != nil || root == nil {
		return nil, err
	}
	defer root.Close()
	m, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range m.Files {
		if e.Owner == Tool {
			out = append(out, e.Path)
		}
	}
	return out, nil
}

// EditedFiles are the tool-owned files of a generated project that are not as the tool
// wrote them, by path; none where dir is no such project.
func EditedFiles(dir string) []string {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	m, err := readManifest(root)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range m.Files {
		if e.Owner != Tool {
			continue
		}
		if data, err := root.ReadFile(e.Path); err == nil && hash(data) != e.SHA256 {
			out = append(out, e.Path)
		}
	}
	return out
}

// IsRecorded says whether a content is what the manifest of a generated project has of a
// file.
func IsRecorded(dir, path string, content []byte) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close()
	m, err := readManifest(root)
	if err != nil {
		return false
	}
	for _, e := range m.Files {
		if e.Path == path {
			return e.SHA256 == hash(content)
		}
	}
	return false
}
