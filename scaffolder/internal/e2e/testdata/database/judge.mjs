// node judge.mjs URL: asks a server that was generated from shop.sql, on an empty database,
// for everything that its document promises. What it prints, but for what differs from run
// to run, must be the same on every framework.
import assert from 'node:assert/strict';
import { ask, base, json, ok, pages, refused } from './client.mjs';

// Rows with every type, and back again.
const ada = (await ok(201, 'POST', '/authors', { name: 'Ada', born: '1815-12-10', mood: "it's fine", home: { street: 'a,"b\\c', number: 3, price: '1.50' } })).body.data;
assert.deepEqual(ada.home, { street: 'a,"b\\c', number: 3, since: null, price: '1.50' });
const max = (await ok(201, 'POST', '/authors', { name: 'Max' })).body.data;
const values = {
  author_id: ada.id, title: "T'; DROP TABLE books; --", isbn: '1234567890', price: '12.50', pages: 10, weight: 'Infinity',
  tags: ['a', 'b,c', '{"}', null, '', 'NULL'], moods: ['sad', "it's fine"], homes: [{ street: 'x "y\\', number: null }, { number: 5 }, null], grid: [[1, 2], [3, null]],
  meta: { a: [1, null, 'x'], __proto: 1 }, cover: 'aGVsbG8=', published: '["2024-01-01 00:00:00+00","2024-02-01 00:00:00+00")', spans: '{[1,3),[5,7)}',
  created_at: '2024-05-01T12:00:00.123456Z', local: '2024-05-01T12:00:00.000001', at: '12:00:00', took: 'P1DT2H', day: '0044-03-15 BC',
  big: 9007199254740991, exact: '123456789012345678901234567890.123456789', small: -5, r4: 0.1, ip: '10.0.0.1', bits: '101', amount: '12.30', ok: false, limit: 7,
};
const made = await ok(201, 'POST', '/public-books', values);
for (const [name, value] of Object.entries(values)) {
  if (name === 'homes') {
    continue;
  }
  assert.deepEqual(made.body.data[name], value, name);
}
assert.deepEqual(made.body.data.homes, [{ street: 'x "y\\', number: null, since: null, price: null }, { street: null, number: 5, since: null, price: null }, null]);
assert.equal(made.body.data.title_upper, values.title.toUpperCase());
const path = made.headers.get('location');
const got = await ok(200, 'GET', path);
assert.deepEqual(got.body.data, made.body.data);
assert.equal(got.headers.get('etag'), made.headers.get('etag'));
await ok(304, 'GET', path, undefined, { 'if-none-match': got.headers.get('etag') });
const inputs = Object.fromEntries(Object.entries(got.body.data).filter(([name]) => !['search', 'title_upper'].includes(name)));
assert.deepEqual((await ok(200, 'PUT', path, inputs)).body.data, got.body.data);
for (const [created_at, day, weight] of [['infinity', 'infinity', 'NaN'], ['-infinity', '-infinity', 0.5], ['12024-01-01T00:00:00Z', '12024-01-01', 1e300], ['0044-03-15 00:00:00+00 BC', '2024-02-29', null]]) {
  const { data } = (await ok(200, 'PATCH', path, { created_at, day, weight })).body;
  assert.deepEqual([data.created_at, data.day, data.weight], [created_at, day, weight]);
}
assert.equal((await ok(200, 'PUT', path, { author_id: ada.id, title: 'x' })).body.data.status, 'draft'); // the default is back
await ok(200, 'PATCH', path, {});

// Numbers in JSON keep all digits that jsonb keeps, however deep they stand.
const digits = ['12345678901234567890', '9007199254740993', '-1.00000000000000000001', '1e400', '0.1', '"9007199254740993"', '"a\\\\\\"9007199254740993"'];
const documents = [...digits, `[${digits}]`, `{"a":{"b":[${digits[1]}],"__proto__":${digits[0]}},"constructor":1}`];
const forms = {
  data: (x) => x, plain: (x) => x, pages: (x) => `[${x},null]`, remark: (x) => `{"text":"t","data":${x}}`, remarks: (x) => `[{"text":null,"data":${x}},null]`,
};
const exactly = async (method, path, body) => {
  const response = await fetch(base + path, { method, headers: json, body });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} ${body}: ${text}`);
  return text;
};
await exactly('POST', '/notebooks', '{"id":1,"weight":0.12345678901234567890,"title":"9007199254740993"}');
for (const x of documents) {
  for (const [name, form] of Object.entries(forms)) {
    const sent = `{"${name}":${form(x)}}`;
    const read = await exactly('PATCH', '/notebooks/1', sent);
    const rewritten = form(x).replace('1e400', `1${'0'.repeat(400)}`); // as jsonb writes it
    const has = (text) => [form(x), rewritten].some((each) => text.includes(`"${name}":${each}`));
    assert.ok(has(read), `${sent} came back as ${read}`);
    for (const path of ['/notebooks/1', '/notebooks', `/notebooks?fields=${name}`]) {
      assert.ok(has(await exactly('GET', path)), `${sent} is lost in ${path}`);
    }
  }
}
assert.deepEqual((await ok(200, 'GET', '/notebooks/1?fields=weight,title')).body.data, { weight: 0.12345678901234568, title: '9007199254740993' });
await refused(400, 'VALIDATION_ERROR', ['body'], 'PATCH', '/notebooks/1', 12345);
for (const body of ['{"data":012345678901234567890}', '{"data":1234567890123456789.}', '{"data":']) {
  assert.equal((await fetch(`${base}/notebooks/1`, { method: 'PATCH', headers: json, body })).status, 400);
}

// What is sent of a row.
assert.deepEqual((await ok(200, 'GET', `${path}?fields=id,title&expand=author,editor`)).body.data, { id: 1, title: 'x', author: ada, editor: null });
assert.equal((await ok(200, 'GET', `${path}?fields=id`)).headers.get('etag'), null);
const odd = { constructor: 1, ['__proto__']: 'p', select: 's', 'a"b': 'q', Ünï: 2, 'x y': 3 };
const oddRow = (await ok(201, 'POST', '/odd-table', JSON.parse('{"constructor":1,"__proto__":"p","select":"s","a\\"b":"q","Ünï":2,"x y":3}'))).body.data;
assert.deepEqual(Object.keys(oddRow).sort(), Object.keys(odd).sort());
assert.equal(Object.getOwnPropertyDescriptor(oddRow, '__proto__').value, 'p');
await ok(200, 'GET', '/odd-table/1?fields=__proto__,x y');

// What the database refuses.
await refused(409, 'CONFLICT', ['name'], 'POST', '/authors', { name: 'Ada' });
await refused(422, 'REFERENCE_NOT_FOUND', ['author_id'], 'POST', '/public-books', { author_id: 99, title: 'T' });
await refused(409, 'CONFLICT', [], 'DELETE', `/authors/${ada.id}`);
await refused(400, 'VALIDATION_ERROR', ['price'], 'PATCH', path, { price: '-1' });
await refused(400, 'VALIDATION_ERROR', ['ip'], 'PATCH', path, { ip: 'nowhere' });
await refused(400, 'VALIDATION_ERROR', ['created_at'], 'PATCH', path, { created_at: 'x BC' });
await refused(400, 'VALIDATION_ERROR', ['title'], 'POST', '/public-books', { author_id: ada.id });
await refused(400, 'VALIDATION_ERROR', ['code'], 'PUT', '/archive-books/abc', { code: 'abd' });
await ok(201, 'POST', '/bookings', { room: 1, during: '[1,5)' });
await refused(409, 'CONFLICT', ['during'], 'POST', '/bookings', { room: 1, during: '[2,7)' });
await ok(201, 'POST', '/staff', { id: 1, name: 'boss' });
await ok(201, 'POST', '/staff', { id: 2, name: 'worker', boss_id: 1 });
await refused(409, 'CONFLICT', ['boss_id'], 'DELETE', '/staff/1');
await refused(422, 'REFERENCE_NOT_FOUND', ['boss_id'], 'PATCH', '/staff/1', { boss_id: 9 });
assert.deepEqual((await ok(200, 'GET', '/staff/2?expand=boss')).body.data.boss, { id: 1, boss_id: null, name: 'boss' });
await refused(404, 'NOT_FOUND', [], 'GET', '/staff/9');
await refused(404, 'NOT_FOUND', [], 'PATCH', '/staff/9', { name: 'x' });
await refused(404, 'NOT_FOUND', [], 'DELETE', '/staff/9');
await ok(204, 'DELETE', '/staff/2');

// Every SQLSTATE has its status. Those that may pass are tried three times.
const tried = async () => (await ok(200, 'GET', '/tried')).body.data[0].times;
for (const [code, status, tries] of [
  ['40001', 503, 3], ['40P01', 503, 3], ['57014', 503, 1], ['55P03', 503, 1], ['53300', 503, 1], ['57P01', 503, 1], ['08006', 503, 1], ['42501', 403, 1], ['44000', 403, 1],
  ['23505', 409, 1], ['23P01', 409, 1], ['23502', 400, 1], ['23514', 400, 1], ['22003', 400, 1], ['22P02', 400, 1], ['22007', 400, 1], ['P0001', 400, 1], ['P0002', 500, 1], ['23001', 409, 1], ['54000', 400, 1], ['25006', 503, 1], ['XX000', 500, 1],
]) {
  await ask('DELETE', `/failing/${code}`);
  await fetch(`${base}/failing/none`, { method: 'DELETE' });
  const answer = await ok(status, 'POST', '/failing', { code, times: 9, message: 'secret' });
  assert.equal(await tried(), tries, code);
  assert.ok(code === 'P0001' || !JSON.stringify(answer.body).includes('secret'), `${code} tells what the database said`);
  assert.equal(answer.headers.get('retry-after'), status === 503 ? '1' : null, code);
}
for (const code of ['40001', '40P01']) {
  await fetch(`${base}/failing/none`, { method: 'DELETE' });
  await ok(201, 'POST', '/failing', { code, times: 2 }); // it works the third time
}

// Composite keys, in their order; a slash in one of them.
assert.equal((await ok(201, 'POST', '/order-items', { order_id: 7, product: 'a/b c', qty: 1 })).headers.get('location'), '/order-items/a%2Fb%20c/7');
await ok(200, 'PATCH', '/order-items/a%2Fb%20c/7', { qty: 99 });
await refused(400, 'VALIDATION_ERROR', ['qty'], 'PATCH', '/order-items/a%2Fb%20c/7', { qty: 100 });
await ok(201, 'POST', '/parts', { id: 1, day: '2024-01-01', v: 'x' });
await ok(200, 'GET', '/parts/1/2024-01-01');

// Nobody's change is lost.
const { headers } = await ok(200, 'GET', path);
const etag = headers.get('etag');
const both = await Promise.all([1, 2].map((n) => fetch(base + path, { method: 'PATCH', headers: { ...json, 'if-match': etag }, body: JSON.stringify({ pages: n + 100 }) })));
assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412]);
await refused(412, 'PRECONDITION_FAILED', [], 'DELETE', path, undefined, { 'if-match': etag });
await refused(404, 'NOT_FOUND', [], 'DELETE', '/public-books/999999', undefined, { 'if-match': etag });
await ok(204, 'DELETE', path, undefined, { 'if-match': '*' });

// Pages: many ties and nulls, every order.
for (let i = 0; i < 45; i++) {
  const row = { author_id: i % 3 === 0 ? max.id : ada.id, title: `book ${i % 10}`, price: `${i % 4}.00`, pages: i % 5 === 0 ? null : (i % 7) + 1, day: i % 6 === 0 ? null : `2024-01-0${(i % 3) + 1}`, status: i % 2 === 0 ? 'out' : 'draft', weight: i % 8 === 0 ? 'NaN' : 0.5 + (i % 3) };
  assert.equal((await fetch(`${base}/public-books`, { method: 'POST', headers: json, body: JSON.stringify(row) })).status, 201);
}
const all = await pages('/public-books?limit=100');
assert.equal(all.length, 45);
const number = (x) => (x === 'NaN' ? Infinity : Number(x));
const orders = { pages: (a) => a.pages, price: (a) => number(a.price), day: (a) => (a.day === null ? null : Date.parse(a.day)), status: (a) => (a.status === 'out' ? 1 : 0), weight: (a) => number(a.weight) };
const names = Object.keys(orders);
for (const first of names.flatMap((name) => [name, `-${name}`])) {
  for (const second of ['', ...names.filter((name) => !first.endsWith(name)).flatMap((name) => [`,${name}`, `,-${name}`])]) {
    const sort = first + second;
    const rows = await pages(`/public-books?limit=7&sort=${sort}&fields=id`);
    const want = [...all].sort((a, b) => {
      for (const item of [...sort.split(','), 'id']) {
        const descending = item.startsWith('-');
        const key = orders[item.replace('-', '')] ?? ((row) => row.id);
        const [x, y] = [key(a), key(b)];
        const order = x === y ? 0 : x === null ? 1 : y === null ? -1 : x < y ? -1 : 1;
        if (order !== 0) {
          return descending ? -order : order;
        }
      }
      return 0;
    });
    assert.deepEqual(rows.map(({ id }) => id), want.map(({ id }) => id), sort);
  }
}
const seen = await pages('/public-books?limit=4&sort=-price', () => fetch(`${base}/public-books`, { method: 'POST', headers: json, body: JSON.stringify({ author_id: ada.id, title: 'new', price: '2.00' }) }));
assert.ok(all.every(({ id }) => seen.some((row) => row.id === id)), 'a row is lost while others come');
assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length, 'a row is shown twice');
for (let i = 0; i < 25; i++) {
  assert.equal((await fetch(`${base}/logs`, { method: 'POST', headers: json, body: JSON.stringify({ line: i % 2 === 0 ? null : 'same', n: i % 3 === 0 ? 1 : null, data: i % 2 === 0 ? { a: 1 } : null }) })).status, 201);
}
for (const limit of [1, 2, 3, 7, 25, 100]) {
  assert.equal((await pages(`/logs?limit=${limit}`)).length, 25, `rows that are equal, ${limit} a page`);
}
await refused(400, 'VALIDATION_ERROR', ['after'], 'GET', '/public-books?after=nonsense');
await refused(400, 'VALIDATION_ERROR', ['limit'], 'GET', '/public-books?limit=101');

// Filters.
const count = async (query) => (await pages(`/public-books?limit=100&title[ne]=new&${query}`)).length;
const checks = [
  ['price=2', (r) => Number(r.price) === 2], ['price[gte]=2.0', (r) => Number(r.price) >= 2], ['price[lt]=1', (r) => Number(r.price) < 1], ['price[in]=0,3', (r) => [0, 3].includes(Number(r.price))],
  ['pages[is]=null', (r) => r.pages === null], ['pages[is]=notnull', (r) => r.pages !== null], ['pages[gt]=3&status=out', (r) => r.pages > 3 && r.status === 'out'],
  ['day[lte]=2024-01-02', (r) => r.day !== null && r.day <= '2024-01-02'], ['title[like]=%25k 1', (r) => r.title === 'book 1'], [`author_id=${max.id}`, (r) => r.author_id === max.id],
  ['filter[limit][is]=null', () => true], ['status[ne]=out', (r) => r.status !== 'out'], ['title[in]=book 1,book 2', (r) => /[12]$/.test(r.title)],
];
for (const [query, is] of checks) {
  assert.equal(await count(query), all.filter(is).length, query);
}
assert.equal((await pages(`/authors/${max.id}/public-books-by-author?limit=4`)).length, 15);
await ok(200, 'GET', `/authors/${max.id}/public-books-by-editor`);
await refused(404, 'NOT_FOUND', [], 'GET', '/authors/99/public-books-by-author');
await refused(400, 'VALIDATION_ERROR', ['nope'], 'GET', '/public-books?nope=1');
await refused(400, 'VALIDATION_ERROR', ['isbnx'], 'GET', '/public-books?isbnx=1');

// A comma that is encoded stands between values where none can hold one; elsewhere it is part of one.
const listed = (path, query) => fetch(`${base}${path}?${new URLSearchParams(query)}`).then(async (r) => (await r.json()).data ?? r.status);
const columns = await listed('/public-books', { fields: 'id,title', expand: 'author,editor', sort: '-price,title', limit: '3' });
assert.deepEqual(columns, (await ok(200, 'GET', '/public-books?fields=id,title&expand=author,editor&sort=-price,title&limit=3')).body.data);
for (const [name, of] of [['price', (r) => ['0.00', '3.00'].includes(r.price)], ['id', (r) => [all[0].id, all[1].id].includes(r.id)], ['day', (r) => ['2024-01-01', '2024-01-02'].includes(r.day)]]) {
  const values = [...new Set(all.filter(of).map((r) => r[name]))].join(',');
  assert.ok(values.includes(','));
  assert.equal(await count(new URLSearchParams({ [`${name}[in]`]: values })), all.filter(of).length, `${name}[in]=${values}`);
}
const commas = ['one', 'a,b', 'a', 'b'];
for (const title of commas) {
  await ok(201, 'POST', '/public-books', { author_id: ada.id, title, price: '999.00' });
}
for (const [query, want] of [['title[in]=a,b', ['a', 'b']], ['title[in]=a%2Cb', ['a,b']], ['title[in]=a%2Cb,one', ['one', 'a,b']], ['title[in]=a%2Cb&title[in]=a', ['a,b', 'a']], ['title=a,b', ['a,b']], ['title=a%2Cb', ['a,b']]]) {
  const { data } = (await ok(200, 'GET', `/public-books?price=999&fields=title&${query}`)).body;
  assert.deepEqual(data.map(({ title }) => title), want, query);
}
await refused(500, 'READ_FAILED', [], 'GET', '/broken');
assert.equal((await pages('/book-list?limit=10')).length, (await pages('/public-books?limit=100')).length);
await ok(200, 'GET', '/stats');

// Nothing but data travels.
const attacks = ["'", "''", '"', '";--', "'; DROP TABLE logs; --", '1; SELECT pg_sleep(9)', "') OR 1=1 --", '$1', '$9', '\\', '\u0000', '%00', '{}', '{"a"}', 'NULL', "E'\\x'", '/*', '*/', '(SELECT 1)', 'id, name', 'id;', '-id --', '__proto__', 'constructor', '😀', '\u2028'];
const before = (await pages('/logs?limit=100')).length;
for (const attack of attacks) {
  const text = encodeURIComponent(attack);
  const targets = ['limit', 'after', 'sort', 'fields', 'expand', 'id', 'id[gt]', 'id[in]', 'title', 'title[like]', 'title[in]', 'price', 'day', 'pages[is]', 'filter[limit]'].map((name) => `/public-books?${encodeURIComponent(name)}=${text}`);
  for (const url of [...targets, `/public-books?${text}=1`, `/public-books?id[${text}]=1`, `/public-books/${text}`, `/order-items/${text}/${text}`, `/archive-books/${text}`, `/authors/${text}/public-books-by-author`]) {
    const { status } = await fetch(base + url);
    assert.ok(status < 500, `${url}: ${status}`);
  }
  const cursor = Buffer.from(JSON.stringify(['', [attack], 0])).toString('base64url');
  assert.ok((await fetch(`${base}/public-books?after=${cursor}`)).status < 500);
  if (!/[\u0000\u2028😀]/u.test(attack)) {
    assert.ok((await fetch(`${base}/authors/1`, { headers: { 'if-none-match': attack, 'x-request-id': attack } })).status < 500);
    assert.ok((await fetch(`${base}/authors/1`, { method: 'PATCH', headers: { ...json, 'if-match': attack }, body: '{}' })).status < 500);
  }
  const name = `name ${attack}`;
  const answer = await fetch(`${base}/authors`, { method: 'POST', headers: json, body: JSON.stringify({ name }) });
  const { data } = await answer.json();
  assert.equal(answer.status, attack === '\u0000' ? 400 : 201, attack);
  assert.ok(answer.status === 400 || data.name === name);
  assert.ok((await fetch(`${base}/public-books`, { method: 'POST', headers: json, body: JSON.stringify({ author_id: ada.id, title: attack, [attack]: 1 }) })).status < 500);
}
assert.equal((await pages('/logs?limit=100')).length, before);
