// node requests.mjs ROUNDS REQUESTS EXPRESS FASTIFY KOA: the CPU time of a request to the
// generated projects, and to servers written by hand (bare.mjs). They take turns.

import { spawn } from 'node:child_process';
import http from 'node:http';
import { createServer } from 'node:net';
import { valid } from './body.mjs';

const [rounds, requests, ...projects] = process.argv.slice(2);
const here = new URL('.', import.meta.url).pathname;
const body = JSON.stringify(valid);
const connections = 8;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function start(name, words) {
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', `${here}report.mjs`, ...words], {
    env: { ...process.env, PORT: port, NODE_ENV: 'development', LOG_LEVEL: 'error', RATE_LIMIT_MAX: '0' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const server = { name, port, child, agent, costs: [] };
  for (let left = 300; ; left--) {
    try {
      await fetch(`http://127.0.0.1:${port}/health`);
      return server;
    } catch (error) {
      if (left === 0) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function ask({ port, agent, name }) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const request = http.request({ port, agent, headers, host: '127.0.0.1', path: '/orders', method: 'POST' });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 201 ? resolve() : reject(new Error(`${name}: ${response.statusCode}`))));
    });
    request.end(body);
  });
}

async function load(server, count) {
  let left = count;
  const connection = async () => {
    while (left-- > 0) {
      await ask(server);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
}

function used({ child }) {
  return new Promise((resolve) => {
    child.once('message', ({ user, system }) => resolve(user + system));
    child.send('used');
  });
}

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(values.length * q)];
/** What other programs do only adds to a cost: a low quantile is the most stable. */
const low = ({ costs }) => quantile(costs, 0.1);
/** Turns that follow each other meet the same other programs. */
const paired = (server, other) => quantile(server.costs.map((cost, turn) => cost / other.costs[turn]), 0.5);
console.log(`\nCPU time of a request with a body of ${body.length} bytes (the tenth percentile of ${rounds} turns of ${requests})`);
for (const [i, framework] of ['express', 'fastify', 'koa'].entries()) {
  const bare = `${here}bare.mjs`;
  const servers = [
    await start('bare', [bare, framework]),
    await start('bare, helmet', [bare, framework, 'helmet']),
    await start('bare, helmet, zod', [bare, framework, 'helmet', 'zod']),
    await start('generated', [`${projects[i]}/dist/server.js`]),
  ];
  for (const server of servers) {
    await load(server, 6000); // warms up
  }
  for (let round = 0; round < Number(rounds); round++) {
    for (const server of servers) {
      const before = await used(server);
      await load(server, Number(requests));
      server.costs.push(((await used(server)) - before) / Number(requests));
    }
  }
  const [first, second] = servers;
  for (const server of servers) {
    const ratio = (other) => `${(low(server) / low(other)).toFixed(2)}, by pairs ${paired(server, other).toFixed(2)}`;
    const cost = low(server).toFixed(1).padStart(6);
    console.log(`  ${framework.padEnd(8)} ${server.name.padEnd(18)} ${cost} µs   of bare ${ratio(first)}   of bare with helmet ${ratio(second)}`);
    server.child.disconnect();
  }
}
