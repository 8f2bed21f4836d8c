// node rls.mjs URL PRIVATE_KEY: callers with tokens see their own rows and may do what their
// role may, whatever connection of the pool they get; DELETE hides a row.
import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';

const [base, pem] = process.argv.slice(2);
const key = createPrivateKey(pem);

function tokenOf(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iss: 'test', aud: 'test', exp: Math.floor(Date.now() / 1000) + 300, scope: '', ...claims };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

async function ask(token, method, path, body, more = {}) {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...more };
  const response = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, etag: response.headers.get('etag'), ...(text === '' ? {} : JSON.parse(text)) };
}

const ada = tokenOf({ sub: 'ada', role: 'writer' });
const max = tokenOf({ sub: 'max', role: 'writer' });
const reader = tokenOf({ sub: 'ada', role: 'reader' });
const writer = ada;

assert.equal((await ask(undefined, 'GET', '/notes')).status, 401);
assert.equal((await ask(tokenOf({ sub: 'eve', role: 'postgres' }), 'GET', '/notes')).status, 403);
assert.equal((await ask(tokenOf({ sub: 'eve' }), 'GET', '/notes')).status, 403);
const made = await ask(ada, 'POST', '/notes', { text: "ada's" });
assert.equal(made.status, 201);
assert.equal(made.data.owner, 'ada');
assert.equal((await ask(max, 'POST', '/notes', { text: "max's" })).status, 201);
assert.equal((await ask(max, 'POST', '/notes', { owner: 'ada', text: 'forged' })).status, 403);
assert.equal((await ask(reader, 'POST', '/notes', { text: 'x' })).status, 403);
assert.equal((await ask(max, 'GET', `/notes/${made.data.id}`)).status, 404);
assert.equal((await ask(max, 'PATCH', `/notes/${made.data.id}`, { text: 'x' })).status, 404);

// A row that may be seen and not changed is there.
assert.equal((await ask(max, 'GET', '/posts/1')).status, 200);
assert.equal((await ask(max, 'PATCH', '/posts/1', { owner: 'max' })).status, 403);
assert.equal((await ask(max, 'DELETE', '/posts/1')).status, 403);
assert.equal((await ask(max, 'DELETE', '/posts/2')).status, 404);
assert.equal((await ask(ada, 'PATCH', '/posts/1', { owner: 'ada' })).status, 200);

// If-Match on DELETE needs the right to delete and to read, and no other.
const { etag: old } = await ask(reader, 'GET', '/trash/1');
assert.equal((await ask(writer, 'PATCH', '/trash/1', { note: 'y' }, { 'if-match': old })).status, 200);
assert.equal((await ask(reader, 'DELETE', '/trash/1', undefined, { 'if-match': old })).status, 412);
assert.equal((await ask(reader, 'GET', '/trash/1')).status, 200);
assert.equal((await ask(reader, 'PATCH', '/trash/1', { note: 'z' })).status, 403);
assert.equal((await ask(reader, 'DELETE', '/trash/1', undefined, { 'if-match': (await ask(reader, 'GET', '/trash/1')).etag })).status, 204);
assert.equal((await ask(reader, 'DELETE', '/trash/1', undefined, { 'if-match': old })).status, 404);

// Requests at once, on all connections: nobody sees what another one may.
const answers = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
  const [token, owner] = i % 2 === 0 ? [ada, 'ada'] : [max, 'max'];
  let { status, data } = await ask(token, 'GET', '/notes');
  while (status === 503) { // on a busy machine
    ({ status, data } = await ask(token, 'GET', '/notes'));
  }
  return status === 200 && data.length === 1 && data[0].owner === owner;
}));
assert.ok(answers.every(Boolean));

// Rows that are deleted are hidden, and stay.
assert.equal((await ask(ada, 'DELETE', `/notes/${made.data.id}`)).status, 204);
assert.equal((await ask(ada, 'GET', `/notes/${made.data.id}`)).status, 404);
assert.equal((await ask(ada, 'DELETE', `/notes/${made.data.id}`)).status, 404);
assert.deepEqual((await ask(ada, 'GET', '/notes')).data, []);

// Many rows, or none.
assert.equal((await ask(ada, 'POST', '/notes/bulk', [{ text: 'a' }, { text: 'b' }])).data.length, 2);
assert.equal((await ask(ada, 'POST', '/notes/bulk', [{ text: 'c' }, { owner: 'max', text: 'd' }])).status, 403);
assert.equal((await ask(ada, 'GET', '/notes')).data.length, 2);

// A statement that takes too long.
assert.equal((await ask(reader, 'GET', '/slowly')).status, 503);
