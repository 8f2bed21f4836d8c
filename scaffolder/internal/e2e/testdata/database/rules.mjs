// node rules.mjs URL: what the database itself does with a request (triggers, RESTRICT, limits of
// its own) comes back as what it is: nothing is told as done that was not.
import assert from 'node:assert/strict';
import { ask, base, json, ok, refused } from './client.mjs';

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
