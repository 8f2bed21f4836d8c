// Servers that take turns: each is started as a process of its own, asked a number of
// requests at a time, and says what CPU time it has used.

import { spawn } from 'node:child_process';
import http from 'node:http';
import { createServer } from 'node:net';

const here = new URL('.', import.meta.url).pathname;
const connections = 8;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a server: `words` are a script and its arguments. */
export async function start(name, words) {
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

/** `what` is a method, a path, the status that is wanted and, perhaps, a body of JSON. */
function ask({ port, agent, name }, { method, path, status, body }) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const request = http.request({ port, agent, headers, host: '127.0.0.1', path, method });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === status ? resolve() : reject(new Error(`${name}: ${response.statusCode}`))));
    });
    request.end(body);
  });
}

async function load(server, what, count) {
  let left = count;
  const connection = async () => {
    while (left-- > 0) {
      await ask(server, what);
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

/** Asks servers by turns; `costs` of each are the microseconds of a request in each turn. */
export async function takeTurns(servers, what, { rounds, requests, warmUp }) {
  for (const server of servers) {
    server.costs = [];
    await load(server, what, warmUp);
  }
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) {
      const before = await used(server);
      await load(server, what, requests);
      server.costs.push(((await used(server)) - before) / requests);
    }
  }
}

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(values.length * q)];
/** What other programs do only adds to a cost: a low quantile is the most stable. */
export const low = ({ costs }) => quantile(costs, 0.1);
/** Turns that follow each other meet the same other programs. */
export const paired = (server, other) => quantile(server.costs.map((cost, turn) => cost / other.costs[turn]), 0.5);
