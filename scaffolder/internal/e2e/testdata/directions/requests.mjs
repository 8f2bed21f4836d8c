// node requests.mjs PROJECT: what is for one direction never goes the other way, answers are
// looked at where RESPONSE_CHECK asks for it, who shows credentials without need is known,
// and a server that is stopped while it starts ends in peace. Says what is not so.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const [, , project] = process.argv;
let bad = 0;
const expect = (name, got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    bad++;
    console.log('FAIL', name, JSON.stringify(got), 'want', JSON.stringify(want));
  }
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function start(env, options = []) {
  const port = await freePort();
  const server = spawn('node', [...options, 'dist/server.js'], {
    cwd: project,
    env: { ...process.env, NODE_ENV: 'production', PORT: port, KEY_KEYS: 'right', BASIC_KEYS: 'user:pass', RATE_LIMIT_MAX: '0', ...env },
  });
  const run = { log: '', ended: new Promise((resolve) => server.on('exit', (code, signal) => resolve(code ?? signal))) };
  run.heard = new Promise((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (data) => {
        run.log += data;
        if (run.log.includes('listening')) resolve();
      });
    }
  });
  run.stop = () => server.kill('SIGTERM');
  run.ask = async (path, options) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, options);
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) };
  };
  run.send = (path, body) =>
    run.ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return run;
}

const server = await start({});
await Promise.race([server.heard, server.ended]);

// readOnly, with --read-only reject: named, wherever it stands.
const refused = async (name, path, body, fields) => {
  const { status, json } = await server.send(path, body);
  const details = status === 400 ? json().error.details.map(({ field, message }) => `${field} ${message}`) : [];
  expect(name, [status, ...details], [400, ...fields.map((field) => `${field} is read-only`)]);
};
await refused('top', '/accounts', { name: 'a', id: 1 }, ['id']);
await refused('null', '/accounts', { name: 'a', id: null }, ['id']);
await refused('nested', '/accounts', { name: 'a', profile: { made: 'x' } }, ['profile/made']);
await refused('allOf', '/teams', { title: 't', made: 'x' }, ['made']);
await refused('list', '/teams', { title: 't', members: [{ name: 'a' }, { name: 'b', id: 2 }] }, ['members/1/id']);
await refused('tuple', '/teams', { title: 't', pair: ['x', { name: 'b', id: 2 }] }, ['pair/1/id']);
await refused('additionalProperties', '/teams', { title: 't', by: { x: { name: 'a', id: 1 } } }, ['by/x/id']);
await refused('or null', '/teams', { title: 't', lead: { name: 'a', id: 1 } }, ['lead/id']);
await refused('below or null', '/teams', { title: 't', box: { owner: { name: 'a', id: 1 } } }, ['box/owner/id']);
await refused('by discriminator', '/teams', { title: 't', tagged: { kind: 'cat', claws: 1 } }, ['tagged/claws']);
expect('one of several', (await server.send('/teams', { title: 't', either: { serial: 's', id: 1 } })).status, 400);
const sent = { title: 't', key: 'k', members: [{ name: 'a', password: 'p' }], lead: null, tagged: { kind: 'cat', chip: 'c' } };
expect('what is writeOnly arrives', (await server.send('/teams', sent)).json(), sent);

// writeOnly: in no answer, whatever a handler returns.
const profile = { shown: 'a', made: 'b' };
const shown = { id: 1, name: 'ann', profile };
const row = { name: 'ann' };
for (const [i, want] of [shown, { ...shown, more: '1970-01-01T00:00:00.000Z' }, row, row, { name: null, profile: null }].entries()) {
  expect('secrets of account ' + i, (await server.ask('/accounts/' + i)).json(), want);
}
const other = await server.ask('/accounts/5');
expect('secrets of another status', [other.status, other.json()], [404, shown]);
expect('secrets everywhere', (await server.ask('/teams')).json(), {
  title: 't', made: 'b', members: [shown, { ...shown, more: '1970-01-01T00:00:00.000Z' }], pair: ['x', shown], lead: shown,
  box: { owner: shown }, either: { serial: 's' }, tagged: { kind: 'cat', claws: 2 }, by: { a: shown, b: row },
});
expect('a secret that is required', (await server.ask('/required')).json(), { name: 'ann', password: 'wanted' });

// Optional security, in any order, and with several schemes.
const basic = { authorization: 'Basic ' + Buffer.from('user:pass').toString('base64') };
const key = { 'x-key': 'right' };
for (const [path, headers, want] of [
  ['/first', key, 'KEY_KEYS:0'], ['/first', {}, null], ['/first', { 'x-key': 'wrong' }, null],
  ['/last', key, 'KEY_KEYS:0'], ['/last', {}, null], ['/last', { 'x-key': 'wrong' }, null],
  ['/several', basic, 'BASIC_KEYS:0'], ['/several', key, null], ['/several', {}, null],
]) {
  const { status, json } = await server.ask(path, { headers });
  expect(`${path} ${JSON.stringify(headers)}`, [status, json()], [200, want]);
}
const both = await server.ask('/several', { headers: { ...key, ...basic } });
expect('two schemes', [both.status, both.json() !== null], [200, true]);

// RESPONSE_CHECK: off, a warning, or a 500.
const problems = [
  [4, /name.*must be a string/], [5, /no status 202 here/], [6, /the header x-total is required/], [7, /the content type is text\/html/],
  [8, /the body is missing/], [9, /no status 201 here/],
];
for (const i of [0, 1, 2, 3, ...problems.map(([i]) => i)]) {
  expect('unchecked ' + i, (await server.ask('/wrong/' + i)).status < 300, true);
}
expect('nothing is said', server.log.includes('what the document says'), false);
server.stop();
expect('end', await server.ended, 0);
for (const mode of ['log', 'fail']) {
  const checked = await start({ RESPONSE_CHECK: mode });
  await Promise.race([checked.heard, checked.ended]);
  for (const i of [0, 1, 2, 3]) {
    expect(`${mode} ${i}`, (await checked.ask('/wrong/' + i)).status < 300, true);
  }
  expect(`${mode}: right answers`, checked.log.includes('what the document says'), false);
  for (const [i, message] of problems) {
    const before = checked.log.length;
    const { status, text } = await checked.ask('/wrong/' + i);
    expect(`${mode} ${i}`, [status === 500, /document says|name must/.test(text)], [mode === 'fail', false]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const line = checked.log.slice(before);
    expect(`${mode} ${i} is logged: ${line}`, [message.test(line), line.includes(mode === 'log' ? '"warn"' : '"error"')], [true, true]);
  }
  expect(`${mode}: secrets are not wrong`, (await checked.ask('/teams')).status, 200);
  checked.stop();
  expect(`${mode}: end`, await checked.ended, 0);
}
const odd = await start({ RESPONSE_CHECK: 'yes' });
expect('nonsense', [await odd.ended, odd.log.includes('RESPONSE_CHECK must be one of off, log, fail')], [2, true]);

// A signal at any moment of the start, also before the server listens.
const early = fileURLToPath(new URL('signal.mjs', import.meta.url));
for (const moment of ['heard', 'next', 'later', 'before', 'after']) {
  const stopped = await start({ MOMENT: moment }, ['--import', early]);
  expect(`a signal ${moment}: ${stopped.log}`, await stopped.ended, 0);
}
process.exit(bad === 0 ? 0 : 1);
