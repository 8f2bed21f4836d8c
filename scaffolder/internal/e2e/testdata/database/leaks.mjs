// node leaks.mjs URL PRIVATE_KEY: callers of several roles ask at once, in a mix of what works, what
// is refused within a transaction and what takes too long, while sessions end under them. Each
// answer is the caller's own, or 503; at the end everything works.
import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';

const [base, pem] = process.argv.slice(2);
const key = createPrivateKey(pem);

function callerOf(sub, role) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: 'test', aud: 'test', exp: Math.floor(Date.now() / 1000) + 900, scope: '', sub, role })}`;
  return { sub, role, token: `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}` };
}

async function ask({ token }, method, path, body) {
  const response = await fetch(base + path, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, text, ...(text === '' ? {} : JSON.parse(text)) };
}

const callers = [callerOf('ada', 'writer'), callerOf('max', 'writer'), callerOf('ada', 'reader'), callerOf("o'", 'reader')];
const counts = new Map();

async function own(caller, patient) {
  const { status, text, data } = await ask(caller, 'GET', '/who');
  if (status === 503 && patient) {
    return status;
  }
  assert.equal(status, 200, text);
  assert.deepEqual([data[0].role, JSON.parse(data[0].claims).sub], [caller.role, caller.sub]);
  const notes = await ask(caller, 'GET', '/notes');
  assert.ok(notes.status === 200 || (patient && notes.status === 503), notes.text);
  assert.ok((notes.data ?? []).every(({ owner }) => owner === caller.sub), notes.text);
  return notes.status;
}

const kinds = [
  (c) => own(c, true),
  async (c) => (await ask(c, 'POST', '/notes', { owner: 'eve', text: 'forged' })).status,
  async (c) => (await ask(c, 'POST', '/notes/bulk', [{ text: 'a' }, { owner: 'eve', text: 'b' }])).status,
  async (c) => (await ask(c, 'PATCH', '/pairs/1', { n: 2 ** 31 - 1 })).status,
  async (c) => (await ask(c, 'POST', '/notes', { text: 'mine' })).status,
  (c) => own(c, true),
  async (c) => (await ask(c, 'PATCH', '/posts/1', { owner: c.sub })).status,
  async (c) => (await ask(c, 'GET', '/slowly')).status,
];
for (let round = 0; round < 12; round++) {
  await Promise.all(Array.from({ length: 24 }, async (_, i) => {
    const status = await kinds[(i + round) % kinds.length](callers[i % callers.length]);
    assert.ok([200, 201, 403, 404, 503].includes(status), `kind ${(i + round) % kinds.length}: ${status}`);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }));
}
await new Promise((resolve) => setTimeout(resolve, Number(process.argv[4] ?? 0)));
for (let i = 0; i < 20; i++) {
  await own(callers[i % callers.length], i < 12); // what a session that has ended is found by
}
console.log([...counts].sort(([a], [b]) => a - b).map(([status, n]) => `${status} × ${n}`).join(', '));
