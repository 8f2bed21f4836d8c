// node security.mjs PROJECT PORT: starts the server of service.yaml as in production, with
// keys, tokens and limits, and says what is not as it should be.
import http from 'node:http';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
const d = process.argv[2],
  port = Number(process.argv[3]);
const { SignJWT, generateKeyPair, exportJWK } = await import(
  pathToFileURL(createRequire(d + '/package.json').resolve('jose'))
);
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const other = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
const jwks = http.createServer((q, s) => s.end(JSON.stringify({ keys: [jwk] }))).listen(0, '127.0.0.1');
await new Promise((r) => jwks.once('listening', r));
const tok = (o = {}, key = privateKey, alg = 'RS256') => {
  let t = new SignJWT({ scope: o.scope ?? '', ...o.claims })
    .setProtectedHeader({ alg, kid: 'k1' })
    .setSubject('u1');
  if (o.iss !== null) t = t.setIssuer(o.iss ?? 'me');
  if (o.aud !== null) t = t.setAudience(o.aud ?? 'api');
  if (o.exp !== null) t = t.setExpirationTime(o.exp ?? '1h');
  return t.sign(key);
};
let bad = 0;
const p1 = spawn('node', ['dist/server.js'], {
  cwd: d,
  env: { ...process.env, NODE_ENV: 'production', PORT: '0' },
});
let e1 = '';
p1.stderr.on('data', (x) => (e1 += x));
const code = await new Promise((r) => p1.on('exit', r));
if (code === 0 || !/set KEY_KEYS/.test(e1))
  (bad++, console.log('FAIL production start', code, e1.slice(0, 200)));
const base = 'http://127.0.0.1:' + port;
const p = spawn('node', ['dist/server.js'], {
  cwd: d,
  env: {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    KEY_KEYS: 'sekret,other',
    BASIC_KEYS: 'u:p',
    JWT_JWKS_URL: `http://127.0.0.1:${jwks.address().port}/`,
    JWT_ISSUER: 'me',
    JWT_AUDIENCE: 'api',
    RATE_LIMIT_MAX: '40',
  },
});
let log = '';
p.stdout.on('data', (x) => (log += x));
p.stderr.on('data', (x) => (log += x));
for (let i = 0; i < 600; i++) {
  try {
    await fetch(base + '/health');
    break;
  } catch {
    await new Promise((r) => setTimeout(r, 100));
  }
}
const t = async (n, want, path, h) => {
  const r = await fetch(base + path, { headers: h });
  if (r.status !== want) {
    bad++;
    console.log('FAIL', n, r.status, (await r.text()).slice(0, 200));
  } else await r.text();
};
const B = async (o, k, a) => 'Bearer ' + (await tok(o, k, a));
await t('both', 204, '/secure', { authorization: await B(), 'x-api-key': 'other' });
await t('wrong key', 401, '/secure', { authorization: await B(), 'x-api-key': 'nope' });
await t('no key', 401, '/secure', { authorization: await B() });
await t('basic', 204, '/secure', { authorization: 'Basic ' + btoa('u:p') });
await t('basic bad', 401, '/secure', { authorization: 'Basic ' + btoa('u:x') });
await t('admin no scope', 403, '/admin', { authorization: await B() });
await t('admin', 204, '/admin', { authorization: await B({ scope: 'x admin' }) });
await t('roles', 204, '/admin', { authorization: await B({ claims: { roles: ['admin'] } }) });
await t('issuer', 401, '/admin', { authorization: await B({ scope: 'admin', iss: 'you' }) });
await t('aud', 401, '/admin', { authorization: await B({ scope: 'admin', aud: 'x' }) });
await t('expired', 401, '/admin', {
  authorization: await B({ scope: 'admin', exp: Math.floor(Date.now() / 1000) - 60 }),
});
await t('skew', 204, '/admin', {
  authorization: await B({ scope: 'admin', exp: Math.floor(Date.now() / 1000) - 2 }),
});
await t('no exp', 401, '/admin', { authorization: await B({ scope: 'admin', exp: null }) });
await t('signed by other', 401, '/admin', { authorization: await B({ scope: 'admin' }, other.privateKey) });
await t('hs256', 401, '/admin', {
  authorization: await B({ scope: 'admin' }, new TextEncoder().encode('x'.repeat(32)), 'HS256'),
});
await t('none', 401, '/admin', {
  authorization: 'Bearer ' + btoa('{"alg":"none"}') + '.' + btoa('{"scope":"admin"}') + '.',
});
await t('garbage', 401, '/admin', { authorization: 'Bearer test' });
let limited = 0;
for (let i = 0; i < 45; i++) {
  const r = await fetch(base + '/png');
  if (r.status === 429) {
    limited++;
    const j = await r.json();
    if (
      j.error?.code !== 'RATE_LIMITED' ||
      (!r.headers.get('retry-after') && !r.headers.get('ratelimit-limit'))
    )
      (bad++, console.log('FAIL 429', JSON.stringify(j)));
  } else await r.arrayBuffer();
}
if (!limited) (bad++, console.log('FAIL no rate limit'));
if (/sekret|Bearer ey/.test(log)) (bad++, console.log('FAIL secret in log'));
const slow = fetch(base + '/multi', {
  method: 'POST',
  duplex: 'half',
  headers: { 'content-type': 'text/plain' },
  body: new ReadableStream({
    async start(c) {
      c.enqueue(new TextEncoder().encode('a'));
      await new Promise((r) => setTimeout(r, 700));
      c.enqueue(new TextEncoder().encode('b'));
      c.close();
    },
  }),
}).then(
  (r) => r.status,
  (e) => String(e.cause ?? e),
);
await new Promise((r) => setTimeout(r, 200));
const t0 = Date.now();
p.kill('SIGTERM');
const ex = new Promise((r) => p.on('exit', (c, s) => r([c, s])));
const st = await slow;
const [c, s] = await ex;
if (c !== 0 || (st !== 200 && st !== 429)) {
  bad++;
  console.log('FAIL stop', c, s, st, Date.now() - t0);
}
jwks.close();
process.exit(bad ? 1 : 0);
