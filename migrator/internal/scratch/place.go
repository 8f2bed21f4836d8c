package scratch

import "os"

// runPrefix begins the names of the folders of running servers.
const runPrefix = "migrator-scratch-"

// longestFolder: a socket's path may have 107 bytes at most.
const longestFolder = 60

// diskFolder is where servers run that may grow large.
func diskFolder() string {
	if dir := os.TempDir(); len(dir) < longestFolder {
		return dir
	}
	return "/tmp"
}

// memoryRoom is how much must be free for a server to run in memory. It takes
// about 20 MB, and what the schemas take.
const memoryRoom = 512 << 20

// runFolder holds the folder of a server that is to run: in memory where there
// is room, since a server that lives for half a second is mostly files that are
// made and removed. A TMPDIR that was set is somebody's wish.
func runFolder(s size) string {
	if s == sizeSmall && os.Getenv("TMPDIR") == "" && memoryFree() >= memoryRoom {
		return memoryFolder
	}
	return diskFolder()
}

// allRunFolders are the folders where killed processes may have left something.
func allRunFolders() []string {
	if memoryFolder == "" || diskFolder() == memoryFolder {
		return []string{diskFolder()}
	}
	return []string{diskFolder(), memoryFolder}
}
