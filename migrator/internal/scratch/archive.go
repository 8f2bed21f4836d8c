package scratch

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"time"

	embedded "github.com/fergusstrange/embedded-postgres"
	"github.com/xi2/xz"
)

// archive is what holds the programs of a version for a platform, as the project
// that publishes them names both.
type archive struct{ version, platform string }

// repository is where archives come from, unless MIGRATOR_EMBEDDED_REPOSITORY names
// another place: where the library that is made for it has them from.
func repository() string {
	return reflect.ValueOf(embedded.DefaultConfig()).FieldByName("binaryRepositoryURL").String()
}

// platforms are the publisher's names of ours.
var platforms = map[string]string{
	"linux/amd64": "linux-amd64", "linux/arm64": "linux-arm64v8", "darwin/amd64": "darwin-amd64", "darwin/arm64": "darwin-arm64v8",
	"windows/amd64": "windows-amd64",
}

// archiveOf is the archive of a version for this machine; ok is false where there
// is none whose checksum we know.
func archiveOf(version string) (a archive, ok bool) {
	a = archive{version, platforms[runtime.GOOS+"/"+runtime.GOARCH]}
	if _, err := os.Stat("/etc/alpine-release"); err == nil && runtime.GOOS == "linux" {
		a.platform += "-alpine"
	}
	if _, ok = checksums[a]; !ok && runtime.GOOS == "darwin" {
		a.platform = platforms["darwin/amd64"] // which that system translates
		_, ok = checksums[a]
	}
	return a, ok
}

// url is where a repository has the archive.
func (a archive) url(repository string) string {
	name := "embedded-postgres-binaries-" + a.platform
	return fmt.Sprintf("%s/io/zonky/test/postgres/%s/%s/%s-%s.jar", strings.TrimSuffix(repository, "/"), name, a.version, name, a.version)
}

const (
	// archiveLimit is more than any archive has; unpackedLimit bounds its files.
	archiveLimit  = 100 << 20
	unpackedLimit = 1 << 30
	// downloadLimit is how long a download may take.
	downloadLimit = 10 * time.Minute
)

// download gets the archive, and believes it only with its checksum.
func (a archive) download(ctx context.Context, repository string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url(repository), nil)
	if err != nil {
		return nil, errors.New("MIGRATOR_EMBEDDED_REPOSITORY is no address")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", request.URL.Redacted(), answer.Status)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, archiveLimit))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != checksums[a] {
		return nil, fmt.Errorf("%s gives something else than the archive that is known: its checksum is %s", request.URL.Redacted(), hex.EncodeToString(sum[:]))
	}
	return body, nil
}

// unpack writes the programs of an archive, a compressed tar within a zip, into a
// folder.
func unpack(body []byte, dir string) error {
	outer, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return err
	}
	for _, f := range outer.File {
		if !strings.HasSuffix(f.Name, ".txz") {
			continue
		}
		inner, err := f.Open()
		if err != nil {
			return err
		}
		defer inner.Close()
		plain, err := xz.NewReader(inner, xz.DefaultDictMax)
		if err != nil {
			return err
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			return err
		}
		defer root.Close()
		return untar(tar.NewReader(io.LimitReader(plain, unpackedLimit)), root)
	}
	return errors.New("there are no programs in the archive")
}

func untar(t *tar.Reader, root *os.Root) error {
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(path.Clean(h.Name))
		switch h.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(name, 0o755)
		case tar.TypeSymlink:
			err = root.Symlink(h.Linkname, name)
		case tar.TypeReg:
			err = writeOut(root, name, h.FileInfo().Mode().Perm()&0o755|0o644, t)
		}
		if err != nil {
			return err
		}
	}
}

func writeOut(root *os.Root, name string, mode os.FileMode, from io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, from); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
