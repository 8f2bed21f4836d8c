// node rules.mjs URL: what the database itself does with a request (triggers, RESTRICT, limits of
// its own) comes back as what it is: nothing is told as done that was not.
import assert from 'node:assert/strict';
import { ask, base, json, ok, pages, refused } from './client.mjs';

// A trigger keeps a row out, or as it is: that is neither done nor not found.
await refused(403, 'FORBIDDEN', [], 'POST', '/keepers', { id: 1, note: 'skip' });
await refused(404, 'NOT_FOUND', [], 'GET', '/keepers/1');
await ok(201, 'POST', '/keepers', { id: 2, note: 'locked' });
await refused(403, 'FORBIDDEN', [], 'PATCH', '/keepers/2', { note: 'open' });
await refused(403, 'FORBIDDEN', [], 'PUT', '/keepers/2', { id: 2, note: 'open' });
await refused(403, 'FORBIDDEN', [], 'DELETE', '/keepers/2');
await refused(404, 'NOT_FOUND', [], 'PATCH', '/keepers/3', { note: 'open' });
const kept = await ok(200, 'GET', '/keepers/2');
assert.equal(kept.body.data.note, 'locked');
await refused(403, 'FORBIDDEN', [], 'DELETE', '/keepers/2', undefined, { 'if-match': kept.headers.get('etag') });

// RAISE EXCEPTION: the author's words to who writes, and a failure of the view to who reads.
const written = await ok(400, 'POST', '/keepers', { id: 4, note: 'raise' });
assert.equal(written.body.error.message, 'notes must not raise');
await ok(201, 'POST', '/keepers', { id: 5, note: 'unreadable' });
const read = await ok(500, 'GET', '/raised');
assert.equal(read.body.error.code, 'READ_FAILED');
assert.ok(!JSON.stringify(read.body).includes('unreadable'), 'a reader is told what the function said');
await ok(204, 'DELETE', '/keepers/5');
await ok(200, 'GET', '/raised');

// RESTRICT has a SQLSTATE of its own since PostgreSQL 18. Deferred constraints speak at the end.
await ok(201, 'POST', '/staff', { id: 70, name: 'holder' });
await ok(201, 'POST', '/badges', { id: 1, staff_id: 70 });
await refused(409, 'CONFLICT', [], 'DELETE', '/staff/70');
await ok(201, 'POST', '/chain', { id: 1 });
await ok(201, 'POST', '/chain', { id: 2, next_id: 1 });
await refused(409, 'CONFLICT', ['next_id'], 'DELETE', '/chain/1');
const { headers } = await ok(200, 'GET', '/chain/1');
await refused(409, 'CONFLICT', ['next_id'], 'DELETE', '/chain/1', undefined, { 'if-match': headers.get('etag') });
await refused(422, 'REFERENCE_NOT_FOUND', ['next_id'], 'POST', '/chain', { id: 3, next_id: 9 });
await refused(422, 'REFERENCE_NOT_FOUND', ['next_id'], 'PATCH', '/chain/1', { next_id: 9 }, { 'if-match': headers.get('etag') });

// A key that no index takes; one that no path can name; a column with quotes that must not be null.
const random = Array.from({ length: 900 }, (_, i) => Math.sin(i + 1).toString(36).slice(3)).join('');
const large = await fetch(`${base}/words`, { method: 'POST', headers: json, body: JSON.stringify({ word: random }) });
assert.equal(large.status, 400, await large.text());
const empty = await ok(201, 'POST', '/words', { word: '' });
assert.equal(empty.headers.get('location'), '/words?word=');
assert.deepEqual((await ok(200, 'GET', empty.headers.get('location'))).body.data, [empty.body.data]);
await refused(400, 'VALIDATION_ERROR', ['a"b'], 'POST', '/needs', { id: 1 });

// Arrays deeper than the server reads JSON, and than PostgreSQL has dimensions.
const nested = (depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
for (const [path, body] of [['/notebooks', `{"id":90,"data":${nested(300)}}`], ['/public-books', `{"author_id":1,"title":"t","grid":${nested(7)}}`], ['/public-books', `{"author_id":1,"title":"t","grid":${nested(300)}}`]]) {
  const { status } = await fetch(base + path, { method: 'POST', headers: json, body });
  assert.equal(status, 400, `${path} ${body.slice(0, 60)}`);
}
await ask('GET', '/keepers');

// The state of a row is the same to the server and to the database, whatever its texts hold.
const all = Array.from({ length: 0x3000 }, (_, i) => i + 1).filter((i) => i < 0xd800).map((i) => String.fromCodePoint(i)).join('');
for (const title of ['', ' ', '""', '[]', 'null', '\\', '{"a":"b"}', all, '😀\u{10ffff}\ufffe']) {
  const { status, headers: made } = await ok(201, 'POST', '/notebooks', { id: 5, title, data: [...title].slice(0, 8) });
  assert.equal(status, 201);
  await refused(412, 'PRECONDITION_FAILED', [], 'DELETE', '/notebooks/5', undefined, { 'if-match': `${made.get('etag').slice(0, -2)}"` });
  await refused(412, 'PRECONDITION_FAILED', [], 'DELETE', '/notebooks/5', undefined, { 'if-match': `W/${made.get('etag')}` });
  const { headers: changed } = await ok(200, 'PATCH', '/notebooks/5', { weight: 1 }, { 'if-match': made.get('etag') });
  await refused(412, 'PRECONDITION_FAILED', [], 'PATCH', '/notebooks/5', {}, { 'if-match': made.get('etag') });
  await ok(204, 'DELETE', '/notebooks/5', undefined, { 'if-match': `"x", ${changed.get('etag')}` });
}

// A DELETE that waits for a PATCH of the row (half a second, see shop.sql) sees what that has made.
for (let i = 1; i <= 3; i++) {
  const own = `/pairs/${900 + i}`;
  const { headers: before } = await ok(201, 'POST', '/pairs', { id: 900 + i });
  const both = { 'if-match': before.get('etag') };
  const patched = fetch(base + own, { method: 'PATCH', headers: { ...json, ...both }, body: '{"note":"p"}' });
  await new Promise((resolve) => setTimeout(resolve, 50 * i));
  const deleted = await fetch(base + own, { method: 'DELETE', headers: both });
  const statuses = [(await patched).status, deleted.status];
  assert.ok(['200,412', '404,204'].includes(statuses.join()), `${statuses}: a change is lost`);
  assert.equal((await fetch(base + own)).status, statuses[0] === 200 ? 200 : 404);
}

// Tables that inherit: lists have the rows of all, a path means the table's own row first.
await ok(201, 'POST', '/persons', { id: 1, name: 'own' });
await ok(201, 'POST', '/pupils', { id: 1, name: 'heir', grade: 3 });
await ok(201, 'POST', '/pupils', { id: 2, name: 'pupil' });
for (const limit of [1, 2, 100]) {
  assert.deepEqual((await pages(`/persons?limit=${limit}`)).map(({ name }) => name), ['own', 'heir', 'pupil']);
  assert.deepEqual((await pages(`/persons?limit=${limit}&sort=-id`)).map(({ name }) => name), ['pupil', 'own', 'heir']);
}
await ok(201, 'POST', '/visits', { id: 1, person_id: 1 });
await refused(422, 'REFERENCE_NOT_FOUND', ['person_id'], 'POST', '/visits', { id: 2, person_id: 2 });
assert.deepEqual((await ok(200, 'GET', '/visits?expand=person')).body.data, [{ id: 1, person_id: 1, person: { id: 1, name: 'own' } }]);
assert.equal((await pages('/persons/1/visits')).length, 1);
assert.equal((await pages('/persons/2/visits')).length, 0);
await ok(204, 'DELETE', '/visits/1');
const one = await ok(200, 'GET', '/persons/1');
assert.equal(one.body.data.name, 'own');
await ok(200, 'PATCH', '/persons/1', { name: 'changed' }, { 'if-match': one.headers.get('etag') });
assert.equal((await ok(200, 'GET', '/pupils/1')).body.data.name, 'heir');
await ok(200, 'PATCH', '/persons/2', { name: 'grown' }); // a row of pupils
assert.deepEqual((await ok(200, 'GET', '/pupils/2')).body.data, { id: 2, name: 'grown', grade: null });
await ok(204, 'DELETE', '/persons/1');
assert.deepEqual((await ok(200, 'GET', '/persons/1')).body.data, { id: 1, name: 'heir' }); // the other one with that key
await ok(204, 'DELETE', '/persons/1', undefined, { 'if-match': (await ok(200, 'GET', '/persons/1')).headers.get('etag') });
await refused(404, 'NOT_FOUND', [], 'DELETE', '/persons/1');
await ok(204, 'DELETE', '/pupils/2');

// Arrays come back as they were sent; one with more dimensions than are looked for is no list of nulls.
const home = { street: 'x "y\\{,}', number: 3, since: null, price: '1.50' };
const lists = {
  id: 1, boxes: ['(1,1),(0,0)', null, '(2,2),(1,1)'], amounts: ['1.50', null], ips: ['10.0.0.1', '10.0.0.0/8'], codes: ['ab ', 'abc', null],
  baskets: [{ items: [home, null], grid: [[home, null], [null, home]], ips: ['::1'], code: 'a  ' }, null, { items: [], grid: null, ips: null, code: null }],
};
const listed = await ok(201, 'POST', '/lists', lists);
assert.deepEqual(listed.body.data, lists);
const state = { 'if-match': listed.headers.get('etag') };
assert.deepEqual((await ok(200, 'PUT', '/lists/1', lists, state)).body.data, lists);
assert.deepEqual((await ok(200, 'GET', '/lists/1')).body.data, lists);
await refused(500, 'READ_FAILED', [], 'GET', '/lists/2');
await ok(204, 'DELETE', '/lists/2');
await ok(204, 'DELETE', '/lists/1', undefined, state);
