// node tokens.mjs PROJECT: keys and tokens of every kind against a server in production, and
// what caches may keep of its answers.
import { generateKeyPairSync, sign } from 'node:crypto';
import { ask, fault, finish, start, stop } from './service.mjs';

const project = process.argv[2];
const text = (key) => key.export({ type: 'spki', format: 'pem' });
const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token with claims as JSON text, so that it may hold what JavaScript cannot write. */
function token(alg, key, claims) {
  const head = `${encode({ alg })}.${encode(claims)}`;
  const options = alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' } : { key };
  const digest = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  return `${head}.${sign(digest, Buffer.from(head), options).toString('base64url')}`;
}

const soon = Math.floor(Date.now() / 1000) + 600;
const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EdDSA: generateKeyPairSync('ed25519'),
};

async function status(server, bearer, path = '/me') {
  const answer = await ask(server, 'GET', path, bearer === undefined ? {} : { authorization: `Bearer ${bearer}` });
  return answer.status;
}

async function expect(server, name, wanted, bearer, path) {
  const got = await status(server, bearer, path);
  if (got !== wanted) {
    fault(`${name}: ${got}, not ${wanted}`);
  }
}

for (const [alg, { publicKey, privateKey }] of Object.entries(pairs)) {
  const env = { JWT_JWKS_URL: '', JWT_PUBLIC_KEY: text(publicKey), JWT_ISSUER: '', JWT_AUDIENCE: ' ' };
  const server = await start(project, env);
  await expect(server, `${alg}: right`, 200, token(alg, privateKey, `{"exp":${soon}}`));
  await expect(server, `${alg}: of another key`, 401, token(alg, generateOther(alg), `{"exp":${soon}}`));
  for (const claims of ['{"exp":1e400}', `{"exp":${soon},"nbf":-1e400}`, `{"exp":${soon},"n":[{"x":1e999}]}`, '{"exp":"never"}', '{}']) {
    await expect(server, `${alg}: ${claims}`, 401, token(alg, privateKey, claims));
  }
  const others = Object.entries(pairs).filter(([other]) => other !== alg);
  for (const [other, pair] of others) {
    await expect(server, `${alg}: a token of ${other}`, 401, token(other, pair.privateKey, `{"exp":${soon}}`));
  }
  await stop(server);
}

function generateOther(alg) {
  const kinds = { RS256: ['rsa', { modulusLength: 2048 }], EdDSA: ['ed25519', {}] };
  const [type, options] = kinds[alg] ?? ['ec', { namedCurve: alg === 'ES256' ? 'P-256' : 'P-384' }];
  return generateKeyPairSync(type, options).privateKey;
}

// A key as one line, a list of algorithms with blanks, and an issuer that is asked for.
const { publicKey, privateKey } = pairs.ES256;
const server = await start(project, {
  JWT_JWKS_URL: '',
  JWT_PUBLIC_KEY: text(publicKey).replaceAll('\n', '\\n'),
  JWT_ALGORITHMS: 'RS256, ES256',
  JWT_ISSUER: 'me',
});
await expect(server, 'issuer', 200, token('ES256', privateKey, `{"exp":${soon},"iss":"me"}`));
await expect(server, 'another issuer', 401, token('ES256', privateKey, `{"exp":${soon},"iss":"you"}`));
await expect(server, 'RS256 with a key of ES256', 401, token('RS256', pairs.RS256.privateKey, `{"exp":${soon},"iss":"me"}`));

// Nothing that depends on who asks, and no error, may stay in a cache.
const bearer = { authorization: `Bearer ${token('ES256', privateKey, `{"exp":${soon},"iss":"me"}`)}` };
const json = { 'content-type': 'application/json' };
for (const [name, wanted, ...request] of [
  ['an answer to a caller', 'no-store', 'GET', '/me', bearer],
  ['where a caller may show a key', 'no-store', 'GET', '/mine', {}],
  ['an open answer', undefined, 'GET', '/open', {}],
  ['400', 'no-store', 'POST', '/login', json, '{}'],
  ['401', 'no-store', 'GET', '/me', {}],
  ['404', 'no-store', 'GET', '/no/such/path', {}],
  ['405', 'no-store', 'DELETE', '/open', {}],
  ['415', 'no-store', 'POST', '/login', { 'content-type': 'text/plain' }, 'x'],
  ['429', 'no-store', 'POST', '/login', json, '{}'],
]) {
  if (name === '429') {
    for (let i = 0; i < 6; i += 1) {
      await ask(server, 'POST', '/login', json, '{}');
    }
  }
  const answer = await ask(server, ...request);
  const got = answer.headers['cache-control'];
  if (got !== wanted || (/^\d+$/.test(name) && answer.status !== Number(name))) {
    fault(`${name}: ${answer.status} with cache-control: ${got}`);
  }
}
await stop(server);
const limited = await start(project, { RATE_LIMIT_MAX: '1' });
await ask(limited, 'GET', '/open');
const refused = await ask(limited, 'GET', '/open');
if (refused.status !== 429 || refused.headers['cache-control'] !== 'no-store') {
  fault(`429 of the server: ${refused.status} ${refused.headers['cache-control']}`);
}
await stop(limited);
finish();
