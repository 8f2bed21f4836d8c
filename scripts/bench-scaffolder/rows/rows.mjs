// node rows.mjs ROUNDS REQUESTS EXPRESS FASTIFY KOA: the CPU time of a list and of a row by
// its key, of generated projects and of servers written by hand (byhand.mjs). They take turns.

import { low, paired, start, takeTurns } from '../orders/turns.mjs';

const [rounds, requests, ...projects] = process.argv.slice(2);
const byHand = `${new URL('.', import.meta.url).pathname}byhand.mjs`;
console.log(`\nCPU time of a request to a database (the tenth percentile of ${rounds} turns of ${requests})`);
for (const [i, framework] of ['express', 'fastify', 'koa'].entries()) {
  const servers = [await start('by hand', [byHand, framework]), await start('generated', [`${projects[i]}/dist/server.js`])];
  for (const [name, path] of Object.entries({ 'list of 20': '/books?limit=20', 'row by key': '/books/1000' })) {
    await takeTurns(servers, { method: 'GET', path, status: 200 }, { rounds: Number(rounds), requests: Number(requests), warmUp: 3000 });
    const [hand, generated] = servers;
    console.log(`  ${framework.padEnd(8)} ${name}   by hand ${low(hand).toFixed(1).padStart(6)} µs   generated ${low(generated).toFixed(1).padStart(6)} µs   of by hand ${(low(generated) / low(hand)).toFixed(2)}, by pairs ${paired(generated, hand).toFixed(2)}`);
  }
  for (const server of servers) {
    server.child.disconnect();
  }
}
