package footprint

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// GiveBack takes the pages of the program's own file out of this process: those
// that one stage has touched are mostly not needed in the next. What is needed
// after all comes back from the system's page cache, some pages at a time.
func GiveBack() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return // it is only about being small
	}
	defer f.Close()
	for _, m := range unchanged(f, program) {
		// The pages are those of the file, so that nothing is lost.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, syscall.MADV_DONTNEED)
	}
}

// mapping is a stretch of this process's memory.
type mapping struct{ from, to uintptr }

// unchanged gives the mappings of a file that hold what the file holds: those that
// cannot be written, and of which no page was (as the loader does to the constants
// of a relocatable program before it protects them).
func unchanged(smaps io.Reader, file string) []mapping {
	var list []mapping
	var m mapping
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		key, rest, _ := strings.Cut(lines.Text(), " ")
		switch {
		case !strings.HasSuffix(key, ":"): // 00400000-00a8f000 r-xp 00000000 fe:00 1234   /usr/bin/loadtester
			m = mapping{}
			if strings.HasSuffix(rest, " "+file) && !strings.Contains(rest[:4], "w") {
				m = addresses(key)
			}
		case key == "Anonymous:" && m.to > m.from && strings.TrimSpace(rest) == "0 kB":
			list = append(list, m)
		}
	}
	return list
}

// addresses reads from-to, in hexadecimal.
func addresses(text string) mapping {
	low, high, _ := strings.Cut(text, "-")
	from, err := strconv.ParseUint(low, 16, 64)
	to, err2 := strconv.ParseUint(high, 16, 64)
	if err != nil || err2 != nil {
		return mapping{}
	}
	return mapping{uintptr(from), uintptr(to)}
}
