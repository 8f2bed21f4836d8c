package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What somebody sees who presses the key, in the shells themselves. Each line is
// what is typed, an arrow, and words that are offered; !word is not.
var typed = map[string][]string{
	"loadtester": {
		"loadtester re -> report",
		"loadtester run --form -> --form --format",
		"loadtester run --format j -> json junit !html",
		"loadtester http://127.0.0.1 --ra -> --rate",
		"loadtester report --o -> --output",
		"loadtester run --openapi some -> some.yaml",
	},
	"migrator": {
		"migrator d -> diff",
		"migrator diff --fro -> --from",
		"migrator diff --files g -> goose golang-migrate !flyway",
		"migrator apply some -> some.yaml",
	},
	"scaffolder": {
		"scaffolder gen -> generate",
		"scaffolder generate --framework k -> koa !express",
		"scaffolder some.yaml --fr -> --framework",
		"scaffolder generate some -> some.yaml",
	},
}

func TestShells(t *testing.T) {
	shells := map[string]func(t *testing.T, tool, folder, line string) string{"bash": inBash, "zsh": inZsh, "fish": inFish}
	each(t, func(t *testing.T, tool, dir string) {
		files := untar(t, filepath.Join(dir, tool+"_0.1.0_"+here.String()+".tar.gz"))
		for shell, complete := range shells {
			folder := t.TempDir()
			completion := completionName(tool, shell)
			put(t, filepath.Join(folder, "lib", completion), files["completions/"+shell+"/"+completion])
			put(t, filepath.Join(folder, "bin", tool), []byte("#!/bin/sh\nexit 1\n")) // shells look whether it is there
			put(t, filepath.Join(folder, "work", "some.yaml"), nil)
			for _, line := range typed[tool] {
				before, wanted, _ := strings.Cut(line, " -> ")
				got := complete(t, tool, folder, before)
				offered := " " + strings.Join(strings.Fields(got), " ") + " "
				for _, word := range strings.Fields(wanted) {
					missing := !strings.Contains(offered, " "+strings.TrimPrefix(word, "!")+" ")
					if missing != strings.HasPrefix(word, "!") {
						t.Errorf("%s: %q offers %q; wanted %s", shell, before, got, wanted)
					}
				}
			}
		}
	})
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o755); err != nil {
		t.Fatal(err)
	}
}

// ask runs a shell in the folder that holds some.yaml.
func ask(t *testing.T, folder string, shell ...string) string {
	t.Helper()
	cmd := exec.Command(shell[0], shell[1:]...)
	cmd.Dir = filepath.Join(folder, "work")
	cmd.Env = []string{"PATH=" + filepath.Join(folder, "bin") + ":" + os.Getenv("PATH"), "HOME=" + folder, "TERM=xterm", "LANG=C.UTF-8"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", shell[0], err, out)
	}
	return string(out)
}

// inBash calls the function as readline does, with the words that it makes. An
// empty answer stands for files, as `-o default` says.
func inBash(t *testing.T, tool, folder, line string) string {
	return ask(t, folder, "bash", "--norc", "-c", `
		source "$1/lib/$2"
		compopt() { :; }
		read -ra COMP_WORDS <<<"$3"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
		"_$2"
		[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
		printf "%s\n" "${COMPREPLY[@]}"`, "bash", folder, tool, line)
}

func inFish(t *testing.T, tool, folder, line string) string {
	return ask(t, folder, "fish", "--no-config", "-c", `source $argv[1]; complete -C $argv[2] | string replace -r "\t.*" ""; true`,
		filepath.Join(folder, "lib", tool+".fish"), line)
}

// inZsh types into a zsh in a pseudo-terminal, since its completions work in the
// line editor only, and reads the list that it shows.
func inZsh(t *testing.T, tool, folder, line string) string {
	for _, name := range []string{"hits", "ready", "done"} {
		os.Remove(filepath.Join(folder, name))
	}
	return ask(t, folder, "zsh", "-f", "-c", `
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell "PS1=; PROMPT=; fpath=($1/lib \$fpath); autoload -U compinit; compinit -u -D"
		zpty -w shell "zstyle ':completion:*' list-grouped no; zstyle ':completion:*' list-max 1; LISTMAX=0; unsetopt menu_complete auto_menu beep zle_bracketed_paste"
		zpty -w shell 'comppostfuncs=(show); compadd() { if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)* ]]; then builtin compadd "$@"; else local -a hits; builtin compadd -A hits "$@"; [ ${#hits} = 0 ] || print -l -- "HIT "${^hits} >&9; builtin compadd "$@"; fi }'
		zpty -w shell "exec 9>$1/hits; touch $1/ready"
		for i in {1..200}; do [ -e $1/ready ] && break; sleep 0.05; done
		zpty -w -n shell "$2"$'\t'
		# What is typed on top of it may cut a completion short.
		for i in {1..200}; do [ -s $1/hits ] && break; sleep 0.05; done; sleep 0.2
		zpty -w -n shell $'\x15'"touch $1/done"$'\n'
		for i in {1..200}; do [ -e $1/done ] && break; sleep 0.05; done
		zpty -d shell
		sed -n 's/^HIT //p' $1/hits`, "zsh", folder, line)
}
