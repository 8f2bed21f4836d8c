// node requests.mjs PROJECT PORT: lives with the server of service.yaml: what never
// reaches a handler, what arrives of odd answers, whose fault an error is, and how the
// server ends under load. Says what is not as it should be.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , project, port] = process.argv;
const { SignJWT, exportJWK, generateKeyPair } = await import(
  pathToFileURL(createRequire(project + '/package.json').resolve('jose'))
);
let bad = 0;
const expect = (name, got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    bad++;
    console.log('FAIL', name, JSON.stringify(got), 'want', JSON.stringify(want));
  }
};

const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] };
const provider = http.createServer((_request, response) => {
  if (provider.down) {
    response.statusCode = 500;
    response.end('down');
  } else {
    response.end(JSON.stringify(keys));
  }
});
await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
provider.down = true;

const server = spawn('node', ['dist/server.js'], {
  cwd: project,
  env: {
    ...process.env, NODE_ENV: 'production', PORT: port, KEY_KEYS: 'right', RATE_LIMIT_MAX: '0', LOG_REQUESTS: 'info',
    JWT_JWKS_URL: `http://127.0.0.1:${provider.address().port}/keys`,
  },
});
let log = '';
for (const stream of [server.stdout, server.stderr]) {
  stream.on('data', (data) => (log += data));
}
const ended = new Promise((resolve) => server.on('exit', (code, signal) => resolve(code ?? signal)));
const base = `http://127.0.0.1:${port}`;
const ask = async (path, options) => {
  const response = await fetch(base + path, options);
  return { status: response.status, text: await response.text() };
};
for (let i = 0; ; i++) {
  if (await ask('/health').then(() => true, () => false)) break;
  if (i > 600) throw new Error('the server does not listen: ' + log);
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const send = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const json = async (path, body) => JSON.parse((await send(path, body)).text);
const book = { title: 't', id: 9, owner: 'attacker' };
expect('readOnly', await json('/books', book), { title: 't' });
expect('unknown', (await send('/books', { title: 't', more: 1 })).status, 400);
expect(
  'readOnly inside',
  await json('/shelves', { name: 'n', made: 'x', books: [book, book], first: book, others: { a: { name: 'o', made: 'y' } } }),
  { name: 'n', books: [{ title: 't' }, { title: 't' }], first: { title: 't' }, others: { a: { name: 'o' } } },
);

const odd = [
  '{"number":null,"text":null,"flag":null,"date":null,"list":null,"inner":null}', '{"number":null}', '{"list":[1,null]}',
  '{"date":null}', '{"date":"1970-01-01T00:00:00.000Z"}', '{"flag":"false"}', '{"number":"7"}', '{"text":7}', '{"inner":[1]}',
  '{"inner":"x"}', '{"list":"ab"}',
  '{"number":1,"text":"a","flag":true,"date":"x","list":[1,2],"inner":{"x":"y"},"more":{"a":1}}', '{}', '{"number":true}',
  '{"inner":{"x":null}}', '{"inner":{"x":"y"}}', '{}', '{"number":0}', '{"text":"\\ud800"}', '[{"number":1}]', '{"number":2}',
];
for (const [i, want] of odd.entries()) {
  expect('odd ' + i, await ask('/odd/' + i), { status: 200, text: want });
}
expect('alias', (await ask('/alias')).text, '{"number":1}');

expect('optional: right', (await ask('/optional', { headers: { 'x-key': 'right' } })).text, '"KEY_KEYS:0"');
expect('optional: none', (await ask('/optional')).text, 'null');
expect('optional: wrong', (await ask('/optional', { headers: { 'x-key': 'wrong' } })).text, 'null');

const sign = (claims) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).setSubject('me').setExpirationTime('5m').sign(privateKey);
const authorization = 'Bearer ' + (await sign({}));
expect('provider down', (await ask('/token', { headers: { authorization } })).status, 503);
expect('outage is logged', log.includes('Credentials cannot be checked now'), true);
provider.down = false;
expect('provider back', await ask('/token', { headers: { authorization } }), { status: 200, text: '"me"' });
expect('token that is none', (await ask('/token', { headers: { authorization: 'Bearer x.y.z' } })).status, 401);

expect('error of another API', (await ask('/thrown')).status, 500);
expect('it is logged', log.includes('of another API'), true);
expect('answers are logged', /"message":"request","requestId":"[^"]+","operation":"thrown","method":"GET","status":500/.test(log), true);
for (const [path, status] of Object.entries({
  '/caf%C3%A9': 204, '/pct%20enc': 204, '/static/*': 204, '/static/abc': 404, '/a/b*c/1': 204, '/a/bxc/1': 404, '/bad%E0%A4%A': 400,
})) {
  const got = (await ask(path)).status;
  expect(path, status === 400 ? [400, 404].includes(got) : got === status, true);
}

// Clients that go on sending: none is cut off, all connections end, and so does the server.
const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
let cut = 0;
let answered = 0;
let ending = 0;
const once = () =>
  new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/slow', agent }, (response) => {
      if (response.headers.connection === 'close') ending++;
      response.resume().on('end', () => resolve(++answered > 0));
    });
    request.on('error', () => {
      // A new connection that the server did not take any more is none that it cut.
      if (request.reusedSocket) cut++;
      resolve(false);
    });
  });
const clients = Array.from({ length: 20 }, async () => {
  while (await once());
});
await new Promise((resolve) => setTimeout(resolve, 700));
server.kill('SIGTERM');
expect('exit code', await ended, 0);
await Promise.all(clients);
expect('connections cut off', cut, 0);
expect('answers that arrived', answered, log.match(/"operation":"slow"/g)?.length);
expect('answers that end their connection', ending > 0, true);
provider.close();
process.exit(bad === 0 ? 0 : 1);
