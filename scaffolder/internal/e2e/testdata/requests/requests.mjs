// node requests.mjs BASE: sends requests of every kind to a server made of service.yaml,
// and says which answers are not what the document asks for.
const base = process.argv[2];
let bad = 0;
async function t(name, want, path, init = {}, check) {
  let r, j, tx;
  try {
    r = await fetch(base + path, init);
    tx = await r.text();
    try {
      j = JSON.parse(tx);
    } catch {}
  } catch (e) {
    bad++;
    console.log('FAIL', name, String(e.cause ?? e));
    return;
  }
  const ok = r.status === want && (!check || check(j, r, tx));
  if (!ok) {
    bad++;
    console.log('FAIL', name, '->', r.status, tx.slice(0, 300));
  }
}
const eq = (a) => (j) => JSON.stringify(j) === JSON.stringify(a) || (console.log(JSON.stringify(j)?.slice(0, 500)), false);
const P = '/styles/1,2/.a.b/;matrix=x;matrix=y';
await t(
  'path styles',
  200,
  P,
  {},
  (j) =>
    eq([1, 2])(j.params.simple) &&
    eq(['a', 'b'])(j.params.label) &&
    eq(['x', 'y'])(j.params.matrix) &&
    j.query.page === 3,
);
await t('encoded delimiters', 200, '/styles/1,2/.a%2Ex.b%20c/;matrix=x%2Cy;matrix=z%3B', {}, (j) =>
  eq(['a.x', 'b c'])(j.params.label) && eq(['x,y', 'z;'])(j.params.matrix),
);
await t('base path', 200, '/v1' + P);
const json = { 'content-type': 'application/json' };
await t('QUERY', 200, '/found/7', { method: 'QUERY', headers: json, body: '{"text":"a"}' }, eq({ text: '7 a' }));
await t('QUERY bad', 400, '/found/7', { method: 'QUERY', headers: json, body: '{}' }, (j) => j.error.details[0].field === 'text');
await t('QUERY bad path', 400, '/found/x', { method: 'QUERY', headers: json, body: '{"text":"a"}' });
await t('QUERY too, GET', 204, '/found/7');
await t('QUERY too, PURGE', 202, '/found/7', { method: 'PURGE' });
await t('QUERY too, 405', 405, '/found/7', { method: 'PUT' }, (j, r) => r.headers.get('allow') === 'GET, HEAD, PURGE, QUERY');
await t('QUERY not here', 405, '/lists', { method: 'QUERY', headers: json, body: '{}' });
await t('multi', 200, P + '?multi=1&multi=2', {}, (j) => eq([1, 2])(j.query.multi));
await t('multi bad', 400, P + '?multi=1&multi=x', {}, (j) => j.error.details[0].field === 'multi/1');
await t('required list', 204, '/lists?ids=1&ids=2');
await t('required list absent', 400, '/lists', {}, (j) => j.error.details[0].field === 'ids');
await t('csv', 200, P + '?csv=1,2', {}, (j) => eq([1, 2])(j.query.csv));
await t('pipes', 200, P + '?pipes=a|b%7Cc', {}, (j) => eq(['a', 'b', 'c'])(j.query.pipes));
await t('spaces', 200, P + '?spaces=a%20b', {}, (j) => eq(['a', 'b'])(j.query.spaces));
await t('deep', 200, P + '?filter[age]=3&filter[tags]=a&filter[tags]=b&filter[nested][a]=true', {}, (j) =>
  eq({ age: 3, tags: ['a', 'b'], nested: { a: true } })(j.query.filter),
);
await t('deep encoded', 200, P + '?filter%5Bage%5D=3', {}, (j) => eq({ age: 3 })(j.query.filter));
await t('deep bad', 400, P + '?filter[age]=x', {}, (j) => j.error.details[0].field === 'filter/age');
await t('deep proto', 400, P + '?filter[__proto__]=x');
await t('point', 200, P + '?point=x,1,y,2.5', {}, (j) => eq({ x: 1, y: 2.5 })(j.query.point));
await t('spread', 200, P + '?r=1&g=2', {}, (j) => eq({ r: 1, g: 2 })(j.query.spread));
await t('content', 200, P + '?doc=' + encodeURIComponent('{"k":1}'), {}, (j) => eq({ k: 1 })(j.query.doc));
await t('content bad', 400, P + '?doc=' + encodeURIComponent('{"k":"x"}'));
await t('content not json', 400, P + '?doc={');
await t('a media type that is none', 415, '/form', { method: 'POST', headers: { 'content-type': 'abc' }, body: 'n=1' }, (j) =>
  j.error.code === 'UNSUPPORTED_MEDIA_TYPE',
);
await t('a media type that is none, without a body', 400, '/form', { method: 'POST', headers: { 'content-type': 'abc' } }, (j) =>
  j.error.code === 'VALIDATION_ERROR',
);
await t('a media type that is none, from nobody', 401, '/secure-body', { method: 'POST', headers: { 'content-type': 'abc' }, body: 'x' });
await t('query string as a form', 200, '/whole?n=1&tags=a&tags=b%26c', {}, (j) =>
  eq({ n: 1, tags: ['a', 'b&c'] })(j.query.querystring),
);
await t('query string with one item', 200, '/whole?n=1&tags=a', {}, (j) => eq(['a'])(j.query.querystring.tags));
await t('query string wrong', 400, '/whole?n=x', {}, (j) => j.error.details[0].field === 'querystring/n');
await t('query string with more', 400, '/whole?n=1&more=1', {}, (j) => j.error.details[0].field === 'querystring/more');
await t('query string absent', 400, '/whole', {}, (j) => j.error.details[0].field === 'querystring');
await t('query string as JSON', 200, '/whole-json?' + encodeURIComponent('{"n":1,"t":"a&b=c"}'), {}, (j) =>
  eq({ n: 1, t: 'a&b=c' })(j.query.q),
);
await t('query string as JSON wrong', 400, '/whole-json?' + encodeURIComponent('{"n":"1"}'));
await t('query string no JSON', 400, '/whole-json?n=1');
await t('query string optional', 200, '/whole-json');
const fallback = (body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
await t('mapped', 204, '/fallback', fallback({ kind: 'circle', r: 1, area: 2 }));
await t('mapped wrong', 400, '/fallback', fallback({ kind: 'circle', area: 2 }), (j) => j.error.details[0].field === 'r');
await t('default mapping', 204, '/fallback', fallback({ kind: 'blob', area: 2 }));
await t('default mapping without a kind', 204, '/fallback', fallback({ area: 2 }));
await t('default mapping wrong', 400, '/fallback', fallback({ kind: 'blob', r: 1 }), (j) => j.error.details[0].field === 'area');
await t(
  'header list',
  200,
  P,
  { headers: { 'x-list': '1, 2', 'x-obj': 'a=5', cookie: 'c=7; d=1' } },
  (j) => eq([1, 2])(j.headers['x-list']) && eq({ a: 5 })(j.headers['x-obj']) && j.cookies.c === 7,
);
await t('cookie bad', 400, P, { headers: { cookie: 'c=seven' } });
await t('oneOf int', 200, P + '?id=12', {}, (j) => j.query.id === 12);
await t('oneOf str', 200, P + '?id=abc', {}, (j) => j.query.id === 'abc');
await t('oneOf bad', 400, P + '?id=ABC');
const form = (b) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: b,
});
await t('form', 200, '/form', form('n=1&tags=a&tags=b%20c&o=%7B%22a%22%3A1%7D'), (j) =>
  eq({ n: 1, tags: ['a', 'b c'], o: { a: 1 } })(j.body),
);
await t('form bad', 400, '/form', form('n=x'));
await t('form extra', 400, '/form', form('n=1&zz=1'));
await t('form proto', 400, '/form', form('n=1&__proto__=1'));
const fd = new FormData();
fd.append('n', '3');
fd.append('meta', '{"a":1}');
fd.append('file', new Blob(['hello'], { type: 'text/plain' }), 'h.txt');
fd.append('more', new Blob(['x']), '1');
fd.append('more', new Blob(['yy']), '2');
await t(
  'upload',
  200,
  '/upload',
  { method: 'POST', body: fd },
  (j) =>
    j.body.n === 3 &&
    j.body.file.size === 5 &&
    j.body.file.filename === 'h.txt' &&
    j.body.meta.a === 1 &&
    j.body.more.length === 2 &&
    j.text === 'hello',
);
const fd2 = new FormData();
fd2.append('n', '0');
fd2.append('file', 'not a file');
await t('upload bad', 400, '/upload', { method: 'POST', body: fd2 }, (j) => j.error.details.length === 2);
const fd3 = new FormData();
fd3.append('n', '1');
fd3.append('file', new Blob([new Uint8Array(3_000_000)]), 'big');
await t('upload large', 413, '/upload', { method: 'POST', body: fd3 });
await t('upload no boundary', 400, '/upload', {
  method: 'POST',
  headers: { 'content-type': 'multipart/form-data' },
  body: 'x',
});
await t('upload broken', 400, '/upload', {
  method: 'POST',
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body: '--b\r\ncontent-disposition: form-data; name="n"\r\n\r\n1',
});
// Parts by their encoding: [name, text, type, file name]; a part without a type has none.
const file = ['file', 'PNG', 'image/png', 'é.png'];
const multipart = (list) => ({
  method: 'POST',
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body:
    [file, ...list]
      .filter(([, content]) => content !== undefined)
      .map(([name, content, type, filename]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n` +
        `${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n${content}\r\n`)
      .join('') + '--b--\r\n',
});
const parts = (name, list, { files = [], ...want }) =>
  t('parts ' + name, 200, '/parts', multipart(list), eq({ ...want, file: 'é.png', files }));
const partsBad = (name, list, field, message = /./) =>
  t('parts ' + name, 400, '/parts', multipart(list), (j) => j.error.details.some((d) => d.field === field && message.test(d.message)));
const asJson = 'application/json';
await parts('alone', [], {});
await parts('list as one', [['products', '[{"id":1},{"id":2}]', asJson]], { products: [{ id: 1 }, { id: 2 }] });
await parts('list by items', [['products', '{"id":1}', asJson], ['products', '{"id":2}', asJson]], { products: [{ id: 1 }, { id: 2 }] });
await parts('list with one', [['products', '{"id":1}', asJson]], { products: [{ id: 1 }] });
await parts('list empty', [['products', '[]', asJson]], { products: [] });
await parts('list without a type', [['products', '[{"id":1}]']], { products: [{ id: 1 }] });
await parts('numbers as JSON', [['numbers', '[1,2]', asJson]], { numbers: [1, 2] });
await parts('numbers', [['numbers', '1'], ['numbers', '2']], { numbers: [1, 2] });
await parts('words as JSON', [['words', '["a","b"]', asJson]], { words: ['a', 'b'] });
await parts('words that look like JSON', [['words', '["a"]']], { words: ['["a"]'] });
await parts('as browsers send a Blob', [['meta', '{"a":1}', asJson, 'blob']], { meta: { a: 1 } });
await parts('other names', [['more', '{"x":1}', asJson, 'blob']], { more: { x: 1 } });
await parts('JSON of a string', [['title', '"hi"', asJson]], { title: 'hi' });
await parts('string that shall be JSON', [['title', 'hi']], { title: 'hi' });
await parts('text that looks like JSON', [['text', '"hi"', asJson]], { text: '"hi"' });
await parts('csv', [['csv', '1,2,3']], { csv: [1, 2, 3] });
await parts('pipes are not decoded', [['pipes', 'a%7Cb|c%2Cd']], { pipes: ['a%7Cb', 'c%2Cd'] });
await parts('exploded object', [['r', '1'], ['g', '2']], { color: { r: 1, g: 2 } });
await parts('deep object', [['filter[low]', '1'], ['filter[tags]', 'a'], ['filter[tags]', 'b']], { filter: { low: 1, tags: ['a', 'b'] } });
await parts('deep object as JSON', [['filter', '{"low":1}', asJson]], { filter: { low: 1 } });
const large = 'x'.repeat(200_000);
await parts('files in their order', [['files', large, 'image/png', '1'], ['files', 'y', 'image/png', '2'], ['files', 'z', 'image/png', '3']], {
  files: [large, 'y', 'z'],
});
await partsBad('wrong type', [['file', 'x', 'text/html', 'a.html']], 'file', /^must be image\/png or image\/\*, not text\/html$/);
await partsBad('wrong type of JSON', [['products', '<a/>', 'text/xml']], 'products', /^must be application\/json, not text\/xml$/);
await partsBad('broken JSON', [['title', '"hi', asJson]], 'title', /^must be JSON$/);
await partsBad('broken JSON of an object', [['meta', '{bad', asJson]], 'meta');
await partsBad('wrong item', [['products', '[{"id":"x"}]', asJson]], 'products/0/id');
await partsBad('wrong csv', [['csv', '1,x']], 'csv/1');
await partsBad('two of one', [['meta', '{"a":1}'], ['meta', '{"a":2}']], 'meta');
await t('parts deep JSON', 400, '/parts', multipart([['meta', '['.repeat(5000), asJson]]));
const textOf = (type, body) => ({ method: 'POST', headers: { 'content-type': type }, body });
await t('text integer', 200, '/text', textOf('text/plain', '12'), (j) => j.body === 12);
for (const [type, body] of [
  ['text/plain', '1.5'], ['text/plain', 'x'], ['text/plain', '2'], ['text/plain', '12\n'], ['text/csv', 'A,b'], ['text/x-flag', '1'],
  ['text/x-word', 'maybe'],
]) {
  await t(`text ${type} ${body}`, 400, '/text', textOf(type, body), (j) => j.error.details[0].field === 'body');
}
await t('text with a pattern', 200, '/text', textOf('text/csv; charset=utf-8', 'a,b'), (j) => j.body === 'a,b');
await t('text boolean', 200, '/text', textOf('text/x-flag', 'true'), (j) => j.body === true);
await t('text null', 200, '/text', textOf('text/x-flag', 'null'), (j) => j.body === null);
await t('text enum', 200, '/text', textOf('text/x-word', 'on'), (j) => j.body === 'on');
await t('bytes beside texts', 200, '/text', textOf('application/zip', 'PK'), (j) => j.body.type === 'Buffer');
for (const type of ['application/zip', 'text/plain', 'application/json']) {
  await t('bytes of any type ' + type, 200, '/any-bytes', textOf(type, '{x'), (j) => j === '7b78');
}
await t('text of any type', 200, '/any-text', textOf('text/plain', 'hello'), (j) => j === 'hello');
await t('JSON of any type', 200, '/any-text', textOf('application/json', '"hi"'), (j) => j === 'hi');
await t('no text', 400, '/any-text', textOf('application/zip', 'PK'));
const js = (b, ct = 'application/json') => ({
  method: 'POST',
  headers: { 'content-type': ct },
  body: typeof b === 'string' ? b : JSON.stringify(b),
});
await t('disc ok', 200, '/multi', js({ kind: 'circle', r: 1 }), (j) => j.contentType === 'application/json');
await t('disc bad', 400, '/multi', js({ kind: 'circle', side: 1 }), (j) => j.error.details[0].field === 'r');
await t('charset', 200, '/multi', js({ kind: 'circle', r: 1 }, 'application/json; charset=utf-8'));
await t('text', 200, '/multi', js('hi', 'text/plain'), (j) => j.body === 'hi');
await t('image', 200, '/multi', js('\u0001', 'image/png'), (j) => j.contentType === 'image/*');
await t('415', 415, '/multi', js('<a/>', 'application/xml'));
await t('no body', 200, '/multi', { method: 'POST' });
await t('malformed', 400, '/multi', js('{"a":'));
await t('413', 413, '/multi', js('"' + 'x'.repeat(2_000_000) + '"'));
await t('bad utf gzip', 415, '/multi', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  body: 'x',
});
await t('406', 406, '/png', { headers: { accept: 'application/json' } });
await t(
  'png',
  200,
  '/png',
  { headers: { accept: 'image/*;q=0.5, text/html' } },
  (j, r) => r.headers.get('content-type') === 'image/png' && r.headers.get('x-rate') !== null,
);
await t(
  '405',
  405,
  '/png',
  { method: 'DELETE' },
  (j, r) => r.headers.get('allow') === 'GET, HEAD' && j.error.code === 'METHOD_NOT_ALLOWED',
);
await t('404', 404, '/nope', {}, (j) => j.error.code === 'NOT_FOUND' && j.meta.requestId);
await t('HEAD', 200, '/png', { method: 'HEAD' });
await t('proto ok', 204, '/proto', js('{"constructor":"a","__proto__":1}'));
await t('proto bad', 400, '/proto', js('{}'), (j) => j.error.details.length === 2);
await t(
  'proto type',
  400,
  '/proto',
  js('{"constructor":1,"__proto__":"x","toString":3}'),
  (j) => j.error.details.length === 3,
);
await t('unevaluated ok', 204, '/uneval', js({ a: 1, b: 1 }));
await t('unevaluated bad', 400, '/uneval', js({ a: 1, b: 1, c: 1 }));
await t('unevaluated bad2', 400, '/uneval', js({ b: 1, z: 1 }));
await t('then looks at isbn', 204, '/conditions', js({ kind: 'book', isbn: '1' }));
await t('isbn without then', 400, '/conditions', js({ kind: 'box', isbn: '1' }));
await t('else looks at weight', 204, '/conditions', js({ kind: 'box', weight: 1 }));
await t('weight without else', 400, '/conditions', js({ kind: 'book', weight: 1 }));
await t('gift looks at card', 204, '/conditions', js({ gift: true, card: 'c', 'x-a': 'b' }));
await t('card without gift', 400, '/conditions', js({ card: 'c' }));
await t('kw ok', 204, '/kw', js({ tuple: [1, 'a'], has: [1, 'x'], cond: 'ab', not: 1, nul: null }));
await t('contentEncoding only annotates', 204, '/kw', js({ enc: 'not base64!' }));
for (const [n, b] of Object.entries({
  tuple: { tuple: [1, 'a', 2], has: [1] },
  tuple2: { tuple: ['a'], has: [1] },
  dep: { tuple: [1, 'a'] },
  has: { has: ['x'] },
  has2: { has: [1, 2] },
  cond: { cond: 'a' },
  cond2: { cond: true },
  not: { not: 'x' },
  nul: { nul: 1 },
  deep: { deep: { v: 1, kids: [{ v: 1, kids: [{}] }] } },
  names: { A: true },
  pat: { s_x: 1 },
  add: { zz: 1 },
  max: { a: true, b: true, c: true, d: true, e: true, f: true },
  slow: { slow: 'a'.repeat(40) + '!' },
}))
  await t('kw ' + n, 400, '/kw', js(b));
// Defaults of bodies: nested, in items, of allOf, by discriminator, never through prototypes.
const filled = (want) => (j, r, text) => text.includes(`"body":${want}`) || (console.log(text), false);
const always =
  '"level":"low","none":null,"constructor":"built","__proto__":"kept","address":{"country":"DE"}';
const order = (name, members, want) =>
  t('defaults ' + name, 200, '/defaults', js(`{"must":false${members}}`), filled(`{"must":false${want}}`));
await order('absent', '', ',' + always);
await order('given', ',"level":"high","none":"x","address":{"country":"FR"}', ',"level":"high","none":"x","address":{"country":"FR"},"constructor":"built","__proto__":"kept"');
await order('null is given', ',"none":null', ',"none":null,' + always.replace('"none":null,', ''));
await order('prototype given', ',"__proto__":"mine"', ',"__proto__":"mine",' + always.replace('"__proto__":"kept",', ''));
await order(
  'nested',
  ',"lines":[{},{"count":2,"below":{"must":true}}],"rates":{"a":{},"b":{"per":1}},"pair":[1,{}]',
  ',"lines":[{"count":1},{"count":2,"below":{"must":true,' +
    always +
    '}}],"rates":{"a":{"per":100},"b":{"per":1}},"pair":[1,{"unit":"kg"}],' +
    always,
);
await order('variant', ',"shape":{"kind":"flat"},"either":{"a":1}', ',"shape":{"kind":"flat","w":2},"either":{"a":1},' + always);
await t('defaults required', 400, '/defaults', js({}), (j) => j.error.details[0].field === 'must');
await t(
  'defaults form',
  200,
  '/defaults',
  { method: 'POST', body: new URLSearchParams({ x: 'y' }) },
  filled('{"x":"y","size":20,"tags":["new"]}'),
);
{
  const parts = new FormData();
  parts.append('x', 'y');
  await t('defaults multipart', 200, '/defaults', { method: 'POST', body: parts }, (j) => j.body.note === 'none');
}
const t0 = Date.now();
await t('slow', 400, '/kw', js({ slow: 'a'.repeat(60) + '!' }));
if (Date.now() - t0 > 2000) (console.log('FAIL slow took', Date.now() - t0), bad++);
await t('401', 401, '/secure', {}, (j, r) => r.headers.get('www-authenticate') !== null);
await t('401 half', 401, '/secure', { headers: { authorization: 'Bearer x' } });
await t(
  'x-request-id',
  204,
  '/uneval',
  { ...js({ b: 1 }), headers: { 'content-type': 'application/json', 'x-request-id': 'abc-1' } },
  (j, r) =>
    r.headers.get('x-request-id') === 'abc-1' && r.headers.get('x-content-type-options') === 'nosniff',
);
await t('lim', 204, '/limited');
await t('lim', 204, '/limited');
await t(
  'lim',
  429,
  '/limited',
  {},
  (j, r) => r.headers.get('retry-after') !== null && j.error.code === 'RATE_LIMITED',
);
await t('bad escape', 400, '/styles/%zz/.a/;matrix=x');
process.exit(bad ? 1 : 0);
