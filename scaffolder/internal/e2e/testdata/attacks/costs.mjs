// node costs.mjs PROJECT [WORD]: sends the worst requests that are known, and compares the
// CPU time that each takes with what its size allows; a parser of JSON in the same process
// would take a few microseconds for a KiB. Times are those of the processor, not of a clock.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, fault, finish, start, stop } from './service.mjs';

const [project, word = ''] = process.argv.slice(2);
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const list = (n, make) => JSON.stringify(times(n, make));
const nested = (n, open, close, inside = '') => open.repeat(n) + inside + close.repeat(n);
const parts = (all) =>
  `${all.map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--b--\r\n`;
const multipart = { 'content-type': 'multipart/form-data; boundary=b' };
const post = (path, headers, body) => ['POST', path, headers, body];

/** What a field of Patterns is attacked with. */
const hostile = {
  nested: (n) => `${'a'.repeat(n)}!`,
  choice: (n) => 'a'.repeat(n) + '!',
  same: (n) => `${'a'.repeat(n)}!`,
  twice: (n) => 'x'.repeat(n),
  csv: (n) => '1,'.repeat(n / 2) + 'x',
  words: (n) => `${'a'.repeat(n)}!`,
  counted: (n) => `${'a'.repeat(n)}!`,
  optional: (n) => 'a'.repeat(Math.min(n, 29)),
  ahead: (n) => `${'a'.repeat(n)}!`,
  back: (n) => `${'a'.repeat(n)}!`,
  stars: (n) => 'a'.repeat(n),
  quoted: (n) => `${'"a'.repeat(n / 2)}`,
  three: (n) => `${'ab'.repeat(n / 2)}!`,
  row: (n) => `${'a'.repeat(n)}!`,
  mail: (n) => '@'.repeat(n),
  trim: (n) => `${' '.repeat(n)}x`,
  pair: (n) => '='.repeat(n),
  url: (n) => `http://${'/'.repeat(n)}`,
  word: (n) => 'a'.repeat(n),
  password: (n) => 'a'.repeat(n),
};

const attacks = [
  ['form: names', 413, post('/form', form, times(40_000, (i) => `k${i}=1`).join('&'))],
  ['form: names below the limit', 204, post('/form', form, times(1000, (i) => `k${i}=1`).join('&'))],
  ['form: one name', 413, post('/form', form, times(60_000, () => 'a=1').join('&'))],
  ['form: empty fields', 413, post('/form', form, '&'.repeat(300_000))],
  ['deep form: items', 413, post('/deep-form', form, times(60_000, () => 'f[tags][]=1').join('&'))],
  ['deep form: names', 413, post('/deep-form', form, times(60_000, (i) => `f[k${i}]=1`).join('&'))],
  ['deep form: levels', 400, post('/deep-form', form, `f${'[a]'.repeat(200_000)}=1`)],
  ['query: names', 400, ['GET', `/search?${times(1900, (i) => `k${i}=1`).join('&')}`]],
  ['query: items', 400, ['GET', `/search?${times(1900, () => 'tags=1').join('&')}`]],
  ['query: levels', 400, ['GET', `/search?filter${'[a]'.repeat(4000)}=1`]],
  ['query: JSON', 400, ['GET', `/search?tree=${encodeURIComponent(nested(300, '{"child":[', ']}'))}`]],
  ['query: 1e400', 400, ['GET', '/search?n=1e400']],
  ['path', [204, 400, 404], ['GET', `/parts/${'-'.repeat(12_000)}/`]],
  ['path: two kinds', [204, 400, 404], ['GET', `/parts/${'a-'.repeat(6000)}/x`]],
  ['unique numbers', 204, post('/unique', json, list(150_000, (i) => i))],
  ['unique objects', 204, post('/unique', json, list(60_000, (i) => ({ a: i })))],
  ['unique lists', 204, post('/unique', json, list(60_000, (i) => [i]))],
  ['unique objects, not', 400, post('/unique', json, `[${'{"a":1,"b":2},'.repeat(9)}{"b":2,"a":1}]`)],
  ['unique: a text like a list', 204, post('/unique', json, '["[1]",[1],2,3,4,5,6,7,8,9,"2"]')],
  ['faults', 400, post('/mails', json, list(300_000, () => 1))],
  ['faults with a long name', 400, post('/map', json, JSON.stringify({ ['k'.repeat(400_000)]: times(60, () => 'x') }))],
  ['1e400', 400, post('/number', json, '{"n":1e400}')],
  ['-1e400', 400, post('/number', json, '{"n":-1e400}')],
  ['1e0400', 400, post('/number', json, '{"n":1E+0400}')],
  ['400 digits', 400, post('/number', json, `{"n":${'9'.repeat(400)}}`)],
  ['400 digits, deep', 400, post('/tree', json, `{"x":[[{"n":${'9'.repeat(400)}.5}]]}`)],
  ['a large number as text', 204, post('/tree', json, `{"x":"1e400 ${'9'.repeat(400)}"}`)],
  ['1e308', 204, post('/number', json, '{"n":1e308}')],
  ['tree', 400, post('/tree', json, nested(20_000, '{"child":[', ']}'))],
  ['tree, open', 400, post('/tree', json, '['.repeat(900_000))],
  ['tree within reason', 204, post('/tree', json, nested(90, '{"child":[', ']}'))],
  ['tree of what is not looked at', 400, post('/tree', json, `{"x":${nested(100_000, '[', ']')}}`)],
  ['brackets in a text', 204, post('/tree', json, `{"x":"${'[\\"{'.repeat(1000)}\\\\"}`)],
  ['upload: JSON', 400, post('/upload', multipart, parts([['tree', nested(20_000, '{"child":[', ']}')]]))],
  ['upload: parts', 413, post('/upload', multipart, parts(times(5000, () => ['names', 'x'])))],
  ['upload: parts within reason', 204, post('/upload', multipart, parts(times(900, () => ['names', 'x'])))],
  ...[5, 12, 40, 90].map((n) => [`variants, ${n} levels`, 400, post('/variants', json, nested(n, '{"a":', '}', '1'))]),
  ...[40, 3000, 60_000].flatMap((n) =>
    Object.entries(hostile).map(([name, make]) => [`pattern ${name}, ${n}`, name === 'quoted' ? 204 : 400, post('/patterns', json, JSON.stringify({ [name]: make(n) }))]),
  ),
  ['pattern: many texts', 400, post('/all-patterns', json, list(400, () => `${'a'.repeat(40)}!`))],
  ['pattern: many right texts', 204, post('/all-patterns', json, list(400, () => 'a'.repeat(40)))],
  ...['email', 'uri', 'reference', 'template', 'url', 'time', 'host', 'ip', 'duration', 'pointer', 'expression', 'bytes'].flatMap((name) =>
    ['a', 'a.', '@', '1:', '{', '/', '-', '(', '::', 'T', '0', 'a-', '%41', '\n', '?', '#', 'http://a@'].map((text) => [
      `format ${name}, ${JSON.stringify(text)}`,
      [204, 400],
      post('/formats', json, JSON.stringify({ [name]: `${text.repeat(60_000 / text.length)} ` })),
    ]),
  ),
];

/** CPU time of the process so far, in milliseconds: Linux says it in ticks of 10 ms. */
function used({ child }) {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** A request may always take what one tick and the collection of garbage take. */
const allowance = 100;
/** Beyond that for each KiB: about fifty times what JSON.parse takes for one. zod takes longer. */
const perKiB = existsSync(join(project, 'dist/middleware/zod.js')) ? 1.5 : 0.5;

let server = await start(project, { PARAMETER_LIMIT: '' });
for (const [name, wanted, request] of attacks.filter(([each]) => each.includes(word))) {
  const [, path, , body = ''] = request;
  const size = (path.length + body.length) / 1024;
  const most = allowance + perKiB * size;
  const before = used(server);
  let killed = false;
  const end = setInterval(() => {
    if (!killed && used(server) - before > 20 * most) {
      server.child.kill('SIGKILL'); // it would go on for ever
      killed = true;
    }
  }, 50);
  const { status, text } = await ask(server, ...request).catch((error) => ({ status: error.code, text: '' }));
  clearInterval(end);
  if (killed) {
    fault(`${name}: ${size.toFixed(0)} KiB did not end`);
    await stop(server);
    server = await start(project);
    continue;
  }
  const spent = used(server) - before;
  if (![wanted].flat().includes(status)) {
    fault(`${name}: ${status} ${text.slice(0, 200)}`);
  }
  if (spent > most) {
    fault(`${name}: ${size.toFixed(0)} KiB took ${spent} ms of CPU time`);
  }
  if (text.length > 20_000) {
    fault(`${name}: the answer has ${text.length} bytes`);
  }
}
await stop(server);
finish();
