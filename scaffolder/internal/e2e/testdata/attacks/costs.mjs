// node costs.mjs PROJECT [WORD]: sends the worst requests that are known, and compares the
// CPU time that each takes with what its size allows; a parser of JSON in the same process
// would take a few microseconds for a KiB. Times are those of the processor, not of a clock,
// and are compared with those of such a parser where a request took long.
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

/** What keywords that look at everything are attacked with, on so many levels. */
const keywords = (n) => ({
  named: JSON.stringify(Object.fromEntries(times(n * 100, (i) => [`${'a'.repeat(40)}${i}`, 1]))),
  'named: long': JSON.stringify({ [`${'a'.repeat(n * 1000)}!`]: 1, [`${'b'.repeat(n * 1000)}!`]: 1 }),
  some: list(n * 200, () => ({ a: `${'a'.repeat(30)}!` })),
  'some: other things': list(n * 1000, (i) => [i]),
  nested: nested(n, '[1,', ']', '1'),
  'nested: twice': nested(Math.min(n, 14), '[', ']', '1,1').replace(/\[\[/g, '[1,['),
  depends: nested(n, '{"a":1,"b":', '}', '{}'),
  'depends: wrong': nested(n, '{"b":{"a":{}},"a":', '}', '1'),
  rest: JSON.stringify(Object.fromEntries(times(n * 200, (i) => [`c${'c'.repeat(i % 50)}${i}`, 1]))),
  items: list(n * 1000, (i) => i),
  'items: texts': list(n * 1000, String),
  chain: nested(n, '{"kind":"link","next":{"kind":"ring","next":', '}}', '{"kind":"link"}'),
  'chain: wrong at its end': nested(n, '{"kind":"link","next":', '}', '{"kind":"none"}'),
  either: nested(n, '{"a":', '}', '{}'),
  'either: wrong at its end': nested(n, '{"a":', '}', '1'),
  never: nested(n, '{"a":', '}', 'null'),
  'never: both': nested(n, '{"z":1,"a":', '}', 'null'),
  all: nested(n, '{"a":', '}', '{}'),
  'all: wrong at its end': nested(n, '{"a":', '}', '1'),
  one: list(n * 1000, () => ({ a: 1 })),
  multiple: list(n * 1000, (i) => i / 1000),
});

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
  ...[0, 1, 49, 50, 98, 99].map((n) => [`309 digits behind ${n} spaces`, 400, post('/number', json, `${' '.repeat(n)}{"n":${'9'.repeat(309)}}`)]),
  ...[0, 7, 99].map((n) => [`250 digits and e99 behind ${n} spaces`, 400, post('/number', json, `${' '.repeat(n)}{"n":${'9'.repeat(250)}e99}`)]),
  ['e1234 in a text', 204, post('/tree', json, '{"x":"code1234 e1234 9e999"}')],
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
  ...[1, 2, 5, 20, 60].map((n) => [`branches, ${n} levels`, 400, post('/branches', json, nested(n, '{"k":', '}', '"x"'))]),
  ...[3, 12, 60].flatMap((n) =>
    Object.entries(keywords(n)).map(([name, value]) => [`keyword ${name}, ${n} levels`, [204, 400], post('/keywords', json, `{${JSON.stringify(name.split(':')[0])}:${value}}`)]),
  ),
  ['form: percent signs', [204, 400, 413], post('/form', form, `a=${'%'.repeat(300_000)}`)],
  ['form: half percent signs', [204, 400, 413], post('/form', form, `a=${'%4'.repeat(150_000)}`)],
  ['form: encoded bytes', 204, post('/form', form, `a=${'%61'.repeat(100_000)}`)],
  ['form: encoded nonsense', [204, 400], post('/form', form, `a=${'%ff%c3'.repeat(50_000)}`)],
  ['form: plus signs', 204, post('/form', form, `a=${'+'.repeat(300_000)}`)],
  ['form: encoded names', [204, 400, 413], post('/form', form, times(900, (i) => `${'%61'.repeat(100)}${i}=1`).join('&'))],
  ['form: names of prototypes', [204, 400], post('/form', form, times(300, (i) => `__proto__=1&constructor=${i}&toString=1`).join('&'))],
  ['query: percent signs', [204, 400], ['GET', `/search?n=${'%'.repeat(14_000)}`]],
  ['query: a comma list', [204, 400], ['GET', `/search?tags=${'a,'.repeat(7000)}`]],
  ['query: encoded brackets', [204, 400], ['GET', `/search?filter${'%5Ba%5D'.repeat(2000)}=1`]],
  ['query: 40,000 names', [400, 414, 431], ['GET', `/search?${times(40_000, (i) => `k${i}=1`).join('&')}`]],
  ['headers: 3,000', [204, 400, 431], ['GET', '/search', Object.fromEntries(times(3000, (i) => [`x${i}`, '1']))]],
  ['headers: one name', [204, 400, 431], ['GET', '/search', { 'x-a': times(1900, () => '1') }]],
  ['headers: forwarded', [204, 400, 431], ['GET', '/search', { 'x-forwarded-for': '1.1.1.1,'.repeat(1500), forwarded: 'for=1.1.1.1,'.repeat(100) }]],
  ['headers: cookies', [200, 400, 431], ['GET', '/mine', { cookie: 'a=1;'.repeat(3500) }]],
  ['headers: encoded cookies', [200, 400, 431], ['GET', '/mine', { cookie: 'a=%;"\\";'.repeat(1500) }]],
  ['headers: accept', [200, 400, 406, 431], ['GET', '/open', { accept: 'a/b;q=0.1,'.repeat(1500), 'accept-encoding': 'gzip;q=0,'.repeat(100) }]],
  ['headers: a token of dots', 401, ['GET', '/me', { authorization: `Bearer ${'.'.repeat(14_000)}` }]],
  ['headers: a type of parameters', [204, 400, 415], post('/form', { 'content-type': `application/x-www-form-urlencoded${';a=b'.repeat(3500)}` }, 'a=1')],
  ['upload: headers of a part', [204, 400, 413], post('/upload', multipart, `--b\r\n${times(20_000, (i) => `x-${i}: 1\r\n`).join('')}content-disposition: form-data; name="names"\r\n\r\nx\r\n--b--\r\n`)],
  ['upload: a long header', [204, 400, 413], post('/upload', multipart, `--b\r\ncontent-disposition: form-data; name="${'n'.repeat(300_000)}"\r\n\r\nx\r\n--b--\r\n`)],
  ['upload: parameters of a header', [204, 400, 413], post('/upload', multipart, `--b\r\ncontent-disposition: form-data${'; a="b\\""'.repeat(30_000)}; name="names"\r\n\r\nx\r\n--b--\r\n`)],
  ['upload: half boundaries', [204, 400], post('/upload', { 'content-type': `multipart/form-data; boundary=${'-'.repeat(60)}b` }, `--${'-'.repeat(60)}b\r\ncontent-disposition: form-data; name="names"\r\n\r\n${`\r\n--${'-'.repeat(60)}`.repeat(8000)}\r\n--${'-'.repeat(60)}b--\r\n`)],
  ['upload: a long boundary', [204, 400, 415], post('/upload', { 'content-type': `multipart/form-data; boundary=${'b'.repeat(12_000)}` }, `--${'b'.repeat(11_999)}\r\n`.repeat(30))],
  ['upload: only boundaries', [204, 400, 413], post('/upload', multipart, '--b\r\n'.repeat(60_000))],
  ['upload: no end', 400, post('/upload', multipart, `--b\r\ncontent-disposition: form-data; name="names"\r\n\r\n${'\r\n-'.repeat(100_000)}`)],
  ['text: combining marks', [204, 400], post('/mails', json, list(10, () => `e${'\u0301'.repeat(30_000)}@b.c`))],
  ['text: halves of pairs', [204, 400], post('/mails', json, `["${'\\ud800'.repeat(80_000)}"]`)],
  ['text: escapes', [204, 400], post('/mails', json, `["${'\\u0061'.repeat(100_000)}"]`)],
  ['names: one, again', [204, 400], post('/map', json, `{${'"a":[1],'.repeat(60_000)}"b":[]}`)],
  ['names: of prototypes', [204, 400], post('/map', json, `{${'"__proto__":[1],"constructor":[2],'.repeat(10_000)}"b":[]}`)],
  ['names: numbers', 204, post('/map', json, `{${times(60_000, (i) => `"${i * 7919}":[]`).join(',')}}`)],
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

const zod = existsSync(join(project, 'dist/middleware/zod.js'));
/** A request may always take what one tick and the collection of garbage take, and in projects with zod what its budget allows there. */
const allowance = zod ? 250 : 100;
/** Beyond that for each KiB: about fifty times what JSON.parse takes for one. zod takes longer. */
const perKiB = zod ? 1.5 : 0.5;
/** What JSON.parse takes for a KiB where the bounds were set, in milliseconds. */
const usual = 0.01;

/** How many times longer this machine takes just now; 1 where it is not slower. */
function slowness() {
  const text = JSON.stringify(times(5000, (i) => ({ id: i, name: `item ${i}`, tags: ['a', 'b'], price: i / 7 })));
  const before = process.cpuUsage();
  times(20, () => JSON.parse(text));
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, (user + system) / 1000 / 20 / (text.length / 1024) / usual);
}

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
  if (spent > most && spent > most * slowness()) {
    fault(`${name}: ${size.toFixed(0)} KiB took ${spent} ms of CPU time`);
  }
  if (text.length > 20_000) {
    fault(`${name}: the answer has ${text.length} bytes`);
  }
}
await stop(server);
finish();
