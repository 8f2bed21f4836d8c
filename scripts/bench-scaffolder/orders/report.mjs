// Loaded into a server: says over the channel to its parent what CPU time it has used.

process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit(0));
