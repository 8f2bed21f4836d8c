package scratch

import "syscall"

// memoryFolder is a file system in memory that every Linux has. In a container
// it is small unless somebody gave it room.
const memoryFolder = "/dev/shm"

// tmpfs is the number of that file system.
const tmpfs = 0x01021994

// memoryFree is how many bytes fit there; 0 where it is something else.
func memoryFree() int64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(memoryFolder, &s); err != nil || s.Type != tmpfs {
		return 0
	}
	return int64(s.Bavail) * int64(s.Bsize)
}
