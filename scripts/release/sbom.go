package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
)

var notInAnID = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// spdxID makes an identifier of a module's path.
func spdxID(path string) common.ElementID {
	return common.ElementID("Package-" + notInAnID.ReplaceAllString(path, "-"))
}

// sbom writes what the programs are made of, in SPDX 2.3.
func (r *release) sbom(inside []inner) error {
	self := &spdx.Package{
		PackageName: r.module, PackageSPDXIdentifier: spdxID(r.module), PackageVersion: r.version,
		PackageDownloadLocation: "https://" + r.module, PackageLicenseConcluded: "MIT", PackageLicenseDeclared: "MIT",
		PackageCopyrightText: "NOASSERTION", PackageExternalReferences: purl(r.module, r.version),
	}
	doc := &spdx.Document{
		SPDXVersion: spdx.Version, DataLicense: spdx.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName:      r.tool + " " + r.version,
		DocumentNamespace: fmt.Sprintf("https://%s/spdx/%s", r.module, r.commit),
		CreationInfo: &spdx.CreationInfo{
			Created: r.when.Format(time.RFC3339), Creators: []common.Creator{{CreatorType: "Tool", Creator: "scripts/release"}},
		},
		Packages:      []*spdx.Package{self},
		Relationships: []*spdx.Relationship{relation("DOCUMENT", "DESCRIBES", self.PackageSPDXIdentifier)},
	}
	for _, m := range inside {
		p, err := m.spdx()
		if err != nil {
			return err
		}
		doc.Packages = append(doc.Packages, p)
		doc.Relationships = append(doc.Relationships, relation(self.PackageSPDXIdentifier, "DEPENDS_ON", p.PackageSPDXIdentifier))
		if strings.HasPrefix(m.licence, "LicenseRef-") {
			doc.OtherLicenses = append(doc.OtherLicenses, &spdx.OtherLicense{
				LicenseIdentifier: m.licence, LicenseName: m.licence, ExtractedText: m.texts[0].body,
			})
		}
	}
	return r.create(fmt.Sprintf("%s_%s.spdx.json", r.tool, r.number()), func(w io.Writer) error {
		return spdxjson.Write(doc, w, spdxjson.Indent("  "))
	})
}

func (m inner) spdx() (*spdx.Package, error) {
	p := &spdx.Package{
		PackageName: m.path, PackageSPDXIdentifier: spdxID(m.path), PackageVersion: m.version,
		PackageDownloadLocation: "NOASSERTION", PackageLicenseConcluded: m.licence, PackageLicenseDeclared: m.licence,
		PackageCopyrightText: "NOASSERTION", PackageExternalReferences: purl(m.path, m.version),
	}
	if m.sum == "" {
		return p, nil
	}
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.sum, "h1:"))
	if err != nil || len(sum) != sha256.Size {
		return nil, fmt.Errorf("%s: the sum %q is not understood", m.path, m.sum)
	}
	// Of the module's list of files, as golang.org/x/mod/sumdb/dirhash defines it.
	p.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: fmt.Sprintf("%x", sum)}}
	return p, nil
}

func relation(from common.ElementID, how string, to common.ElementID) *spdx.Relationship {
	return &spdx.Relationship{
		RefA: common.DocElementID{ElementRefID: from}, Relationship: how, RefB: common.DocElementID{ElementRefID: to},
	}
}

// purl is the name under which databases of faults know a Go module.
func purl(path, version string) []*spdx.PackageExternalReference {
	return []*spdx.PackageExternalReference{{
		Category: "PACKAGE-MANAGER", RefType: "purl", Locator: "pkg:golang/" + path + "@" + version,
	}}
}
