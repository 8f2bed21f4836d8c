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
// Every kind of wrong value in every kind of place: what arrives is what JSON.stringify
// makes of it here, in whatever order of names.
const properties = [
  'integer', 'int64', 'number', 'text', 'date', 'time', 'flag', 'textOrNull', 'integerOrNull', 'several', 'nothing', 'choice', 'constant',
  'list', 'texts', 'parts', 'tuple', 'map', 'maps', 'patterns', 'part', 'partOrNull', 'either', 'required', 'anything', 'a-b', 'constructor',
  '__proto__', 'undeclared',
];
const kinds = [
  'undefined', 'null', 'true', 'false', '0', '-0', '1', '1.5', 'NaN', 'Infinity', '2 ** 53', '1e21', '1e-7', '10n', "''", "'a'", "'false'", "'5'",
  "'\u00e9\\u2028\\n\\\\\"'", "'\\ud800'", "'x'.repeat(100) + '\"'", '[]', '[1]', "['a']", '[1, null]', '[undefined]', '[NaN, 1.5]', '[,1]', '[[1]]',
  '[{ a: 1 }, null]', '{}', '{ a: 1 }', "{ a: 'x', more: [1] }", '{ a: 1, next: { a: 2, next: { a: 3, e: 1 } } }', '{ x: undefined, a: null }',
  '{ 0: { a: 1 }, length: 1 }', 'new Date(0)', 'new Date(NaN)', 'new Map([[1, 2]])', 'new Set([1])', "Symbol('x')", '() => 1', "new String('boxed')",
  'new Number(4)', 'new Boolean(false)', 'Object.create({ a: 1 })', "Object.assign(Object.create(null), { a: 1 })", '{ toJSON: () => ({ a: 2 }) }',
  '{ toJSON: () => undefined }', 'new (class { get a() { return 1; } })()', 'new (class { a = 1; })()', `JSON.parse('{"__proto__":1,"a":1}')`, '/x/',
  "new Error('x')", 'new Uint8Array(2)', "Object.assign([1], { toJSON: () => 'list' })", 'new Proxy({ a: 1 }, {})',
];
const sorted = (v) =>
  Array.isArray(v)
    ? v.map(sorted)
    : v !== null && typeof v === 'object'
      ? Object.fromEntries(Object.entries(v).map(([k, each]) => [k === '__proto__' ? 'PROTO' : k, sorted(each)]).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v;
const wanted = (source) => {
  try {
    const text = JSON.stringify((0, eval)(source));
    return text === undefined ? 'nothing' : `200 ${JSON.stringify(sorted(JSON.parse(text)))}`;
  } catch {
    return '500';
  }
};
const arrived = async (source, tries = 5) => {
  const answer = await ask('/values', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: source }).catch((error) => error);
  if (answer instanceof Error && tries > 0) {
    return arrived(source, tries - 1); // a connection that was idle ended just now
  }
  const { status, text } = answer;
  try {
    return status === 500 ? '500' : text === '' ? 'nothing' : `${status} ${JSON.stringify(sorted(JSON.parse(text)))}`;
  } catch {
    return `no JSON: ${text}`;
  }
};
const right = `integer: 1, number: 1.5, text: 'a', flag: true, list: [1], part: { a: 1 }`;
const bytes = 'new Uint8Array(2)'; // as a whole they are sent as they are
const sources = kinds.filter((kind) => kind !== bytes).map((kind) => `(${kind})`);
for (const property of properties) {
  for (const kind of kinds) {
    sources.push(`({ ${right}, ["${property}"]: ${kind} })`);
  }
}
let compared = 0;
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (let source = sources.shift(); source !== undefined; source = sources.shift()) {
      compared++;
      expect(source, await arrived(source), wanted(source));
    }
  }),
);
expect('all values', compared, kinds.length * (properties.length + 1) - 1);

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
