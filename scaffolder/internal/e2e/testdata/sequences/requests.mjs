// node requests.mjs URL: asks a server with the handlers of sequences.ts.
import assert from 'node:assert/strict';

const [base] = process.argv.slice(2);

async function text(path) {
  const response = await fetch(base + path);
  assert.equal(response.status, 200, path);
  return [response.headers.get('content-type'), await response.text()];
}

assert.deepEqual(await text('/lines'), ['application/jsonl; charset=utf-8', '{"name":"n1"}\n{"name":"n2"}\n{"name":"n3"}\n']);
assert.deepEqual(await text('/records'), ['application/json-seq; charset=utf-8', '\x1e{"n":1}\n\x1e{"n":2}\n']);
assert.deepEqual(await text('/events'), [
  'text/event-stream; charset=utf-8',
  'event: greeting\ndata: two\ndata: lines\nid: 1\n\ndata: \nretry: 5\n\n',
]);
assert.deepEqual(await text('/either?as=list'), ['application/json; charset=utf-8', '["a",null]']);
assert.deepEqual(await text('/either?as=lines'), ['application/x-ndjson; charset=utf-8', '"a"\nnull\n']);
assert.deepEqual(await text('/either?as=text'), ['application/x-ndjson; charset=utf-8', '"as it is"\n']);

// A status has its own media type, though the handler names none.
for (const [status, type, text] of [
  [200, 'application/json; charset=utf-8', '{}'],
  [202, 'text/plain; charset=utf-8', 'later'],
  [404, 'application/problem+json; charset=utf-8', '{"title":"none"}'],
  [409, 'application/vnd.example+json; charset=utf-8', '{}'],
]) {
  const response = await fetch(`${base}/statuses?as=${status}`);
  assert.deepEqual([response.status, response.headers.get('content-type'), await response.text()], [status, type, text]);
}

// Half of it is no answer: the connection breaks.
await assert.rejects(async () => (await fetch(`${base}/broken`)).text());

// Each item comes when there is one, and the handler ends with the client.
const leaving = new AbortController();
const reader = (await fetch(`${base}/endless`, { signal: leaving.signal })).body.getReader();
const first = await reader.read();
assert.match(Buffer.from(first.value).toString(), /^\{"name":"n1"\}\n/);
leaving.abort();
for (let i = 0, ended = 0; ended !== 1; i += 1) {
  assert.ok(i < 600, 'the handler goes on without a client');
  await new Promise((resolve) => setTimeout(resolve, 100));
  ended = (await (await fetch(`${base}/ended`)).json()).ended;
}
