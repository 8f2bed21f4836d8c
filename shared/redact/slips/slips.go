// Package slips is for the tests of the tools: what users write where a
// connection string, a URL or a header belongs, right and wrong, with a secret
// in it. A tool that shows the secret of one of them leaks.
package slips

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// Canary is a password that no other text holds.
const Canary = "Kanari007Zq"

// Words are the slips with secret in each. The hosts are ports of this machine
// that nobody listens on.
func Words(secret string) []string {
	words := make([]string, len(forms))
	for i, form := range forms {
		words[i] = strings.Replace(form, "SECRET", secret, 1)
	}
	return words
}

// Shown says whether output shows the secret, as it is or encoded.
func Shown(output, secret string) bool {
	for _, form := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "="),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte("u:"+secret)), "="),
	} {
		if strings.Contains(output, form) {
			return true
		}
	}
	return false
}

var forms = []string{
	"postgres://app:SECRET@127.0.0.1:1/shop", "POSTGRES://app:SECRET@127.0.0.1:1/shop", "postgress://app:SECRET@127.0.0.1:1/shop", "postgres//app:SECRET@127.0.0.1:1/shop",
	"postgres:/app:SECRET@127.0.0.1:1/shop", "postgres:app:SECRET@127.0.0.1:1/shop", "//app:SECRET@127.0.0.1:1/shop", "app:SECRET@127.0.0.1:1/shop", "://app:SECRET@h",
	"postgres://app:x%40SECRET@127.0.0.1:1/shop", "postgres://app:x@SECRET@127.0.0.1:1/shop", "postgres://app:SECRET/b@127.0.0.1:1/shop", "postgres://app:a/SECRET@127.0.0.1:1/shop",
	"postgres://app:a#SECRET@127.0.0.1:1/shop", "postgres://app:a?SECRET@127.0.0.1:1/shop", "postgres://app:a%zzSECRET@127.0.0.1:1/shop", "postgres://app:a SECRET b@127.0.0.1:1/shop",
	"postgres://app:SECRET@127.0.0.1:notaport/shop", "postgres://app:SECRET@[::1/shop", "postgres://app:SECRET@127.0.0.1:1/shop?sslmode=wrong",
	"postgres://127.0.0.1:1/shop?user=app&password=SECRET", "postgres://127.0.0.1:1/shop?PASSWORD=SECRET", "postgres://127.0.0.1:1/shop?pass%77ord=SECRET", "postgres://127.0.0.1:1/shop?sslpassword=SECRET",
	"host=127.0.0.1 port=1 user=app password=SECRET dbname=shop", "host=127.0.0.1 port=1 password='SECRET b' dbname=shop", "host=127.0.0.1 port=1 password='a SECRET dbname=shop",
	"host=127.0.0.1 port=1 password=a SECRET dbname=shop", `host=127.0.0.1 port=1 password=a\ SECRET dbname=shop`, "host=127.0.0.1 port=1 password = SECRET dbname=shop",
	"host=127.0.0.1 port=1 pasword=SECRET", "host=127.0.0.1 port=1 pass=SECRET", "host=127.0.0.1 port=1 pwd=SECRET", "host=127.0.0.1 port=abc password=SECRET",
	"host=127.0.0.1;port=1;user=app;password=SECRET;dbname=shop", "Server=127.0.0.1;Port=1;User Id=app;Password=SECRET;Database=shop",
	`"postgres://app:SECRET@127.0.0.1:1/shop"`, "'postgres://app:SECRET@127.0.0.1:1/shop'", " postgres://app:SECRET@127.0.0.1:1/shop", "DATABASE_URL=postgres://app:SECRET@127.0.0.1:1/shop", "\ufeffpostgres://app:SECRET@127.0.0.1:1/shop",
	"jdbc:postgresql://127.0.0.1:1/shop?user=app&password=SECRET", "jdbc:postgresql://app:SECRET@127.0.0.1:1/shop", "postgresql+psycopg2://app:SECRET@127.0.0.1:1/shop", "mysql://app:SECRET@127.0.0.1:1/shop",
	"postgres://app:SECRET@127.0.0.1:1,127.0.0.1:2/shop", "postgres://app:SECRET\n@127.0.0.1:1/shop", "postgres://app:SECRET", "postgres://app:SECRET/shop", "postgres://:SECRET@127.0.0.1:1/shop",
	"postgres://app%3ASECRET@127.0.0.1:1/shop", "postgres://app:SECRET%40127.0.0.1:1/shop",
	"http://u:SECRET@127.0.0.1:1/", "http//u:SECRET@127.0.0.1:1/", "http://SECRET@127.0.0.1:1/", "u:SECRET@127.0.0.1:1/", "ftp://u:SECRET@127.0.0.1:1/", "http://u:SECRET@127.0.0.1:port/",
	"http://127.0.0.1:1/?token=SECRET", "http://127.0.0.1:1/#access_token=SECRET", "http://127.0.0.1:1/?auth[token]=SECRET",
	"Authorization: Bearer SECRET", "Authorization Bearer SECRET", "Authorization=Bearer SECRET", "X-Vault-Token: SECRET", "X-API-Key:SECRET", "Cookie: a=SECRET",
	"password:SECRET", "password SECRET", "api_key=SECRET", `{"password": "SECRET"}`, `{"email": "a", "token": "SECRET", "b": 1}`,
	"curl -u u:SECRET --bogus http://127.0.0.1:1/", "curl -H 'Authorization: Bearer SECRET http://127.0.0.1:1/", "curl --oauth2-bearer SECRET http://127.0.0.1:1/",
}

// Place stands for the slip in a command line.
const Place = "{}"

// Leaks runs every command line with every slip in its place and lists those
// whose output shows the secret. run gives all that the tool wrote.
func Leaks(commands [][]string, run func(args []string) string) []string {
	var leaks []string
	for _, command := range commands {
		for _, word := range Words(Canary) {
			args := make([]string, len(command))
			for i, arg := range command {
				args[i] = strings.ReplaceAll(arg, Place, word)
			}
			if output := run(args); Shown(output, Canary) {
				leaks = append(leaks, strings.Join(args, " ")+"\n"+output)
			}
		}
	}
	return leaks
}
