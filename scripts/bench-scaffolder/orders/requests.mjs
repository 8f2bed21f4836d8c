// node requests.mjs ROUNDS REQUESTS EXPRESS FASTIFY KOA: the CPU time of a request to the
// generated projects, and to servers written by hand (bare.mjs). They take turns.

import { valid } from './body.mjs';
import { low, paired, start, takeTurns } from './turns.mjs';

const [rounds, requests, ...projects] = process.argv.slice(2);
const bare = `${new URL('.', import.meta.url).pathname}bare.mjs`;
const body = JSON.stringify(valid);
console.log(`\nCPU time of a request with a body of ${body.length} bytes (the tenth percentile of ${rounds} turns of ${requests})`);
for (const [i, framework] of ['express', 'fastify', 'koa'].entries()) {
  const servers = [
    await start('bare', [bare, framework]),
    await start('bare, helmet', [bare, framework, 'helmet']),
    await start('bare, helmet, zod', [bare, framework, 'helmet', 'zod']),
    await start('generated', [`${projects[i]}/dist/server.js`]),
  ];
  await takeTurns(servers, { method: 'POST', path: '/orders', status: 201, body }, { rounds: Number(rounds), requests: Number(requests), warmUp: 6000 });
  const [first, second] = servers;
  for (const server of servers) {
    const ratio = (other) => `${(low(server) / low(other)).toFixed(2)}, by pairs ${paired(server, other).toFixed(2)}`;
    const cost = low(server).toFixed(1).padStart(6);
    console.log(`  ${framework.padEnd(8)} ${server.name.padEnd(18)} ${cost} µs   of bare ${ratio(first)}   of bare with helmet ${ratio(second)}`);
    server.child.disconnect();
  }
}
