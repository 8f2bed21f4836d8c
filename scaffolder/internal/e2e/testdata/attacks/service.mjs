// What the attacks share: a compiled server as a process, requests as bytes, and a count of
// what is not as it should be.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createServer } from 'node:net';

let faults = 0;

export function fault(...words) {
  faults += 1;
  console.log('FAIL', ...words);
}

/** Ends the attack with what was found. */
export function finish() {
  process.exit(faults === 0 ? 0 : 1);
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Only what the test sets: settings of the machine must not reach the server. */
function environment(more) {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NODE_ENV: 'production', LOG_LEVEL: 'error', RATE_LIMIT_MAX: '0', ...more };
}

/** A server that answers; node is the program that runs it. */
export async function start(project, env = {}, node = process.execPath) {
  const port = await freePort();
  const child = spawn(node, ['dist/server.js'], {
    cwd: project,
    env: environment({ ...required, PORT: String(port), ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = { port, child, log: '' };
  child.stdout.on('data', (data) => (server.log += data));
  child.stderr.on('data', (data) => (server.log += data));
  for (let left = 300; ; left -= 1) {
    if (child.exitCode !== null || left === 0) {
      throw new Error(`the server does not start: ${server.log}`);
    }
    try {
      await ask(server, 'GET', '/health');
      return server;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Credentials without which it does not start in production. */
export const required = { KEY_KEYS: 'right', JWT_JWKS_URL: 'http://127.0.0.1:1/' };

export async function stop(server) {
  if (server.child.exitCode === null && server.child.signalCode === null) {
    server.child.kill('SIGKILL');
    await once(server.child, 'exit');
  }
}

/** What a start with these settings comes to: exit code and output, or 'listening'. */
export async function outcome(project, env) {
  const port = await freePort();
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: project,
    env: environment({ ...required, PORT: String(port), LOG_LEVEL: 'info', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const listens = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      out += data;
      if (out.includes('"listening"')) {
        resolve('listening');
      }
    });
  });
  const [code] = [await Promise.race([listens, once(child, 'close').then(([status]) => status)])];
  if (code === 'listening') {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  return { code, out, errors };
}

export function ask({ port }, method, path, headers = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    const all = body === undefined ? headers : { 'content-length': Buffer.byteLength(body), ...headers };
    const request = http.request({ host: '127.0.0.1', port, method, path, headers: all, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => (text += data));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.end(body);
  });
}
