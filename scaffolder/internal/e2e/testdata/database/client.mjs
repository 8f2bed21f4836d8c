// Requests to a server that was generated from shop.sql, for judge.mjs and rules.mjs.
import assert from 'node:assert/strict';

export const base = process.argv[2];
export const json = { 'content-type': 'application/json' };

/** A request; what was answered is printed. */
export async function ask(method, path, body, headers = {}) {
  const init = { method, headers: body === undefined ? headers : { ...json, ...headers } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
  }
  const response = await fetch(base + path, init);
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  const { data, error, meta } = answer.body ?? {};
  console.log(method, path, answer.status, steady(error ?? data), meta?.next ?? '', response.headers.get('location') ?? '');
  return answer;
}

/** Text of a value without what no two runs have in common, properties sorted. */
function steady(value) {
  return JSON.stringify(value, (key, each) => {
    if (typeof each === 'object' && each !== null && !Array.isArray(each)) {
      return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return key === 'created_at' || key === 'uid' ? '…' : each;
  });
}

export async function ok(status, ...request) {
  const answer = await ask(...request);
  assert.equal(answer.status, status, `${request.slice(0, 2).join(' ')}: ${JSON.stringify(answer.body)}`);
  return answer;
}

export async function refused(status, code, fields, ...request) {
  const { body } = await ok(status, ...request);
  assert.equal(body.error.code, code);
  assert.deepEqual(body.error.details.map(({ field }) => field), fields, request.join(' '));
}

/** All rows of a list, page by page. */
export async function pages(path, between = () => undefined) {
  const rows = [];
  for (let next = path; next !== undefined; ) {
    const response = await fetch(base + next);
    const { data, meta, error } = await response.json();
    assert.equal(response.status, 200, `${next}: ${JSON.stringify(error)}`);
    rows.push(...data);
    const link = response.headers.get('link');
    assert.equal(link, meta.next === undefined ? null : `<${meta.next}>; rel="next"`);
    next = meta.next;
    await between();
  }
  return rows;
}
