// node settings.mjs PROJECT: nonsense for every variable that the project knows must end its
// start with one line; an empty variable is not set. The table is the project's own.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, fault, finish, outcome, required, start, stop } from './service.mjs';

const project = process.argv[2];
const { variables, setting } = await import(pathToFileURL(join(project, 'dist/middleware/settings.js')));
if (variables.length < 15) {
  fault(`only ${variables.length} variables`);
}

/** Texts for which anything else would be a guess. */
const nonsense = ['%%%', '-1', '1e400', 'NaN', 'Infinity', '5/min', '0x10', '1,5 ', '1.5', 'yes please', '[]', '9'.repeat(30), '1mb1', '1 000'];
nonsense.push(
  ...['+5', '--1', '-0', '1e3', '0b1', '0o17', '1n', '1_000', '.5', '5.', '0.0', '1..2', '1/2', '10%', '1,2', '1;2', '1 2', '1\n2', '1\u00002'],
  ...['5 minutes', '5min', '10sec', '15 MBps', '1gbb', '1kbs', '1pb', '1w', '1y', 'PT15M', '15m30s', '00:15', '1mb 2mb', 'mb', 's', 'kb1'],
  ...['\u0663', '\uff11\uff15', '\u00b2', '\u2167', '1\u200b', '\u22121', '\u221e', '1\u202e', 'ⅿb'],
  ...['[1]', '{"a":1}', '"5"', "'5'", '`1`', '$PORT', '\${PORT}', '%PORT%', '<5', '>=5', '5-10', '5..10', '#5', '5 # five', '//5'],
  ...['1'.repeat(16), '9'.repeat(400), '0'.repeat(400) + '.', '-Infinity', '2147483648d', '9007199254740993kb', '999999999999999gb', '9999999999d', '*', '0.0.0.0/33', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0', 'a\u0007b'],
);
/** Words, which may be the name of a host. */
nonsense.push('null', 'undefined', 'true', 'false', 'none', 'unlimited', 'ten', 'infinity', 'Production', 'OFF', 'DEBUG', 'all', 'any', 'localhost.');
/** What systems take for an address, and what no name is. */
const hosts = ['0', '00', '0x0', '0x', '0.0', '1', '127.1', '1.5', '9999999999', '256.1.1.1', '1.2.3.4.5', '0x7f.1', 'a.0', 'a..b', '.a', 'a.', '-a', 'a-', 'a_b', 'a/b', 'h:80', '[::1]', '*', '::g', '1:2', 'a b', 'x'.repeat(64), '\u24d0'];

/** Any text is one of these, as long as it is a text. */
const free = /^JWT_(ISSUER|AUDIENCE)$|_KEYS$/;

let tried = 0;
for (const [name] of variables) {
  for (const text of name === 'HOST' ? hosts : free.test(name) ? ['a\u0007b', '\u0085', 'a\nb'] : nonsense) {
    if (text.includes('\0')) {
      continue; // no environment holds it
    }
    process.env[name] = text;
    tried++;
    let value;
    try {
      value = setting(name);
    } catch (error) {
      if (!error.message.startsWith(`${name} must be `)) {
        fault(`${name}=${text}: ${error.message}`);
      }
      continue;
    } finally {
      delete process.env[name];
    }
    if (value !== undefined) {
      fault(`${name}=${JSON.stringify(text)} is taken for ${value}`);
    }
  }
}

if (tried < 1000) {
  fault(`only ${tried} of them were tried`);
}
console.log(`${tried} values of ${variables.length} variables are refused`);

const ends = async (name, env, wanted) => {
  const { code, errors } = await outcome(project, env);
  if (code !== 2 || !wanted.test(errors) || errors.trimEnd().includes('\n')) {
    fault(`${name}: exit ${code} ${errors}`);
  }
};
const listens = async (name, env) => {
  const { code, out, errors } = await outcome(project, env);
  if (code !== 'listening') {
    fault(`${name}: exit ${code} ${errors}`);
  }
  return out;
};

for (const [name] of variables) {
  const hidden = 'S3cr3t\u0007';
  await ends(name, { [name]: hidden }, new RegExp(`^error: ${name} must be `));
  if (/KEYS|URL|PEM|PUBLIC/.test(name)) {
    const { errors } = await outcome(project, { [name]: hidden });
    if (errors.includes('S3cr3t')) {
      fault(`${name}: its value is shown: ${errors}`);
    }
  }
  // An empty variable is as if it were not there, and the log says which default holds.
  if (!(name in required)) {
    const out = await listens(`${name}=`, { [name]: '', ...(name === 'PORT' ? { PORT: '0' } : {}) });
    if (name !== 'PORT' && !/LOG_LEVEL|NODE_ENV/.test(name) && !out.includes(`"${name}":`)) {
      fault(`${name}=: the default is not logged: ${out}`);
    }
  }
}

// All that is wrong stands in the one line.
await ends('two', { BODY_LIMIT: 'x', RATE_LIMIT_MAX: 'y' }, /^error: BODY_LIMIT .*; RATE_LIMIT_MAX /);
await ends('no key', { KEY_KEYS: '' }, /^error: set KEY_KEYS: /);
await ends('no token', { JWT_JWKS_URL: ' ' }, /^error: set JWT_JWKS_URL \(or JWT_PUBLIC_KEY\): /);
await ends('no such address', { HOST: '192.0.2.1' }, /^error: listen EADDRNOTAVAIL/);

// Keys: what works, and what cannot.
const pem = (type, options = {}) => generateKeyPairSync(type, options);
const text = (key, type = 'spki') => key.export({ type, format: 'pem' });
const rsa = pem('rsa', { modulusLength: 2048 });
const p256 = pem('ec', { namedCurve: 'P-256' });
const tokens = { JWT_JWKS_URL: '', JWT_PUBLIC_KEY: text(p256.publicKey) };
await ends('no PEM', { ...tokens, JWT_PUBLIC_KEY: 'nonsense' }, /JWT_PUBLIC_KEY must be a public key as PEM: it cannot be read/);
await ends('private', { ...tokens, JWT_PUBLIC_KEY: text(rsa.privateKey, 'pkcs8') }, /it is a private key/);
await ends('short', { ...tokens, JWT_PUBLIC_KEY: text(pem('rsa', { modulusLength: 1024 }).publicKey) }, /with a key of this kind/);
await ends('a curve of none', { ...tokens, JWT_PUBLIC_KEY: text(pem('ec', { namedCurve: 'secp256k1' }).publicKey) }, /of this kind/);
await ends('X25519', { ...tokens, JWT_PUBLIC_KEY: text(pem('x25519').publicKey) }, /of this kind/);
await ends('another algorithm', { ...tokens, JWT_ALGORITHMS: 'RS256' }, /JWT_ALGORITHMS lists nothing that fits/);
for (const algorithm of ['none', 'HS256', 'RS256,none', 'ES256 RS256', 'RS256,']) {
  await ends(algorithm, { JWT_ALGORITHMS: algorithm }, /^error: JWT_ALGORITHMS must be /);
}

// The example can be copied as it is: what is empty there is not set.
const example = Object.fromEntries(
  readFileSync(join(project, '.env.example'), 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);
for (const [name] of variables) {
  if (!(name in example)) {
    fault(`.env.example has no ${name}`);
  }
}
await listens('.env.example', { ...example, PORT: '0' });

// Units mean what they say.
const server = await start(project, { BODY_LIMIT: '2kb', RATE_LIMIT_MAX: '3', RATE_LIMIT_WINDOW: '15m' });
const send = (size) =>
  ask(server, 'POST', '/number', { 'content-type': 'application/json' }, `{}${' '.repeat(size - 2)}`);
for (const [size, status] of [
  [2048, 204],
  [2049, 413],
]) {
  const answer = await send(size);
  if (answer.status !== status) {
    fault(`a body of ${size} bytes: ${answer.status}`);
  }
}
await send(10);
const refused = await send(10);
const wait = Number(refused.headers['retry-after']);
if (refused.status !== 429 || !(wait > 600 && wait <= 900)) {
  fault(`a window of 15m: ${refused.status}, retry after ${wait}`);
}
await stop(server);
finish();
