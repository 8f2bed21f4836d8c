// node injection.mjs URL: sends what could be taken for SQL, for a name of an object or for a
// list through every place of a request to a server that was generated from shop.sql and has
// answered nothing yet. Each text carries a mark; no statement that the sessions of the database
// have prepared may hold it. What it prints must be the same on every framework.
import assert from 'node:assert/strict';
import { base, json } from './client.mjs';

const mark = 'zqxmark';
const texts = [
  `${mark}' OR '1'='1`, `${mark}"; DROP TABLE logs; --`, `${mark}\\'; SELECT pg_sleep(9); --`, `$$${mark}$$`, `U&'${mark}\\0027'`, `${mark}\\u0027`, `E'${mark}\\x27'`, `${mark}ʼ＇′`, `${mark}%27`, `${mark}%2527 OR 1=1`, `${mark}%00`,
  `${mark}\u0000`, `\u0000${mark}`, `${mark}\u001f\u007f\u0085\u2028`, `${mark}\ud800`, `${mark}${'\u0301'.repeat(50)}`, `${mark}\u202e`, `${mark}?|&`, `${mark}::regclass`, `${mark} UNION SELECT 1`, `*/${mark}/*`, `{${mark},"a"}`, `(${mark},)`, `[${mark},)`, `${mark}\n--`,
];
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'length', 'then', '$where', 't.id', 'id) --', '"id"'];
const encode = encodeURIComponent;
const counts = new Map();

async function send(path, init = {}) {
  const response = await fetch(base + path, init);
  const body = await response.text();
  assert.ok(response.status < 500, `${init.method ?? 'GET'} ${path} ${init.body ?? ''}: ${response.status} ${body}`);
  console.log(init.method ?? 'GET', path.slice(0, 200), response.status);
  counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
  return { status: response.status, body };
}

const post = (path, body, method = 'POST', headers = {}) => send(path, { method, headers: { ...json, ...headers }, body: JSON.stringify(body) });
const fresh = await post('/authors', { name: 'first' });
const author = JSON.parse(fresh.body).data.id;
const book = JSON.parse((await post('/public-books', { author_id: author, title: 'first' })).body).data.id;

const parameters = ['limit', 'after', 'sort', 'fields', 'expand', 'id', 'id[gt]', 'id[in]', 'title', 'title[like]', 'title[in]', 'price', 'price[lte]', 'day', 'pages[is]', 'weight', 'created_at', 'filter[limit]', 'filter[limit][in]', 'status[ne]'];
for (const text of texts) {
  const value = text.isWellFormed() ? encode(text) : `${mark}%ED%A0%80`;
  for (const name of parameters) {
    await send(`/public-books?${encode(name)}=${value}`);
    await send(`/public-books?${encode(name)}=${value}&${encode(name)}=1`);
  }
  for (const path of [`/public-books?${value}=1`, `/public-books?id[${value}]=1`, `/public-books/${value}`, `/authors/${author}?fields=${value}`, `/order-items/${value}/${value}`, `/archive-books/${value}`, `/authors/${value}/public-books-by-author`, `/odd-table/1?fields=${value}`]) {
    await send(path);
  }
  for (const values of [[text], [text, text], [null, text], [{ a: text }], text, [[text]], [Infinity, text]]) {
    for (const order of ['', text]) {
      await send(`/public-books?sort=title&after=${Buffer.from(JSON.stringify([order, values, 0])).toString('base64url')}`);
      await send(`/public-books?after=${Buffer.from(JSON.stringify([order, values, text])).toString('base64url')}`);
    }
  }
  const rows = { '/authors': { name: text }, '/public-books': { author_id: author, title: text }, '/logs': { line: text, data: { [text]: text } }, '/words': { word: text }, '/odd-table': { constructor: texts.indexOf(text), select: text } };
  for (const [path, row] of Object.entries(rows)) {
    await post(path, row);
    await post(path, { ...row, [text]: text });
  }
  await post(`/public-books/${book}`, { tags: [text, [text]], meta: { [text]: [text] }, homes: [{ street: text, [text]: 1 }], published: text, ip: text, title: text }, 'PATCH');
  await post(`/public-books/${book}`, { title: text, tags: [text] }, 'PATCH');
  if (/^[\x20-\x7e]*$/.test(text)) {
    for (const header of ['if-match', 'if-none-match', 'x-request-id', 'accept', 'prefer', 'range']) {
      await send(`/authors/${author}`, { headers: { [header]: text } });
      await post(`/authors/${author}`, { mood: 'ok' }, 'PATCH', { [header]: text });
      await send('/authors/0', { method: 'DELETE', headers: { [header]: text } });
    }
  }
}

// Names of properties that every object has, as parameters, fields, operators, attributes and columns.
for (const name of names) {
  for (const path of [`?${encode(name)}=1`, `?id[${encode(name)}]=1`, `?${encode(name)}[id]=1`, `?fields=${encode(name)}`, `?sort=${encode(name)}`, `?sort=-${encode(name)}`, `?expand=${encode(name)}`, `?filter[${encode(name)}]=1`]) {
    assert.equal((await send(`/public-books${path}`)).status, 400, path);
  }
  await post('/authors', JSON.parse(`{"name":"x","home":{${JSON.stringify(name)}:"y"}}`));
  await post('/authors', JSON.parse(`{"name":"x",${JSON.stringify(name)}:"y"}`));
}

// Lists and objects where one value stands, lists that are too long, and parameters without end.
for (const query of ['id[]=1', 'id[0]=1', 'id[gt][gt]=1', 'id[gt]=1&id[gt]=2', 'id=1&id=2', 'id=1,2', 'id[in]=', 'id[in]=,', 'id[in]=1,,2', 'id[in]=1&id[in][]=2', 'limit=1&limit=2', 'limit[]=1', 'limit=1e2', 'limit=0x10', 'limit=%2B1', 'limit=١', 'after[]=x', 'sort[]=id', 'sort=id,id,-id', 'fields=id,id', '%69d=1', 'id%5Bgt%5D=1', 'id[gt=1', 'id]=1', '=1', '&&', 'id', '?id=1', 'id=1;id=2', 'id=1%261=1', '%=1', '%C0%A7=1', `title=%C0%A7${mark}`, 'title=%ff']) {
  await send(`/public-books?${query}`);
}
const many = (n) => Array.from({ length: n }, (_, i) => i).join(',');
assert.equal((await send(`/public-books?id[in]=${many(100)}`)).status, 200);
for (const n of [101, 2000]) {
  assert.equal((await send(`/public-books?id[in]=${many(n)}`)).status, 400);
}
await send(`/public-books?${Array.from({ length: 300 }, (_, i) => `title[in]=${i}`).join('&')}`);
await send(`/public-books?${Array.from({ length: 1500 }, (_, i) => `p${i}=${i}`).join('&')}`);
await send(`/public-books?fields=${Array.from({ length: 1000 }, () => 'id').join(',')}`);
await post('/public-books', { author_id: author, title: 't', tags: Array.from({ length: 20000 }, () => `'${mark}`) });

// Only data has travelled: no prepared statement holds a mark, and everything is still there.
const seen = new Set();
for (const { body } of await Promise.all(Array.from({ length: 60 }, () => fetch(`${base}/statements?limit=100`).then(async (r) => ({ body: await r.text() }))))) {
  for (const { statement } of JSON.parse(body).data) {
    seen.add(statement);
  }
}
assert.ok(seen.size > 9, `only ${seen.size} statements are prepared`);
for (const statement of seen) {
  assert.ok(!/zqxmark|DROP|pg_sleep|0x27/i.test(statement), statement);
}
for (const path of ['/logs', '/authors', '/words']) {
  assert.equal((await fetch(`${base}${path}?limit=1`)).status, 200);
}
console.log([...counts].sort(([a], [b]) => a - b).join(' '));
