package api

// SchemeType is a kind of authentication.
type SchemeType string

const (
	SchemeAPIKey    SchemeType = "apiKey"
	SchemeHTTP      SchemeType = "http"
	SchemeOAuth2    SchemeType = "oauth2"
	SchemeOpenID    SchemeType = "openIdConnect"
	SchemeMutualTLS SchemeType = "mutualTLS"
)

// SecurityScheme is one way to prove who calls.
type SecurityScheme struct {
	Name        string // key in the document
	Type        SchemeType
	Description string
	Deprecated  bool

	// For apiKey: where the key stands, and under what name.
	In      In
	KeyName string

	// For http: "bearer", "basic", … in lower case; and what a token looks like.
	Scheme       string
	BearerFormat string

	// For openIdConnect.
	OpenIDURL string

	Flows []Flow // for oauth2
	At    Position
}

// IsToken says that the secret is a token that says itself who calls (a bearer token).
func (s *SecurityScheme) IsToken() bool {
	return s.Type == SchemeOAuth2 || s.Type == SchemeOpenID || s.Type == SchemeHTTP && s.Scheme == "bearer"
}

// Flow is one way to get an OAuth 2 token.
type Flow struct {
	Kind             string // "authorizationCode", "clientCredentials", …
	AuthorizationURL string
	TokenURL         string
	RefreshURL       string
	Scopes           []Scope
}

// Scope is a permission that a token may carry.
type Scope struct {
	Name        string
	Description string
}

// Requirement is a set of schemes that must all be met.
type Requirement []Use

// Use is a scheme with the scopes (or roles) that it must grant.
type Use struct {
	Scheme *SecurityScheme
	Scopes []string
}
