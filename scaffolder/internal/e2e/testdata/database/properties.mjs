// node properties.mjs URL DOCUMENT: does with every table of a database that has rows what its
// document (JSON) offers, and holds what comes back against what came before: pages against
// each other, filters against their opposites, orders against their reverse, rows against what
// they were written from. What it prints must be the same on every framework.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const [base, file] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(file, 'utf8'));
const follow = (part) => (part?.$ref === undefined ? part : follow(part.$ref.split('/').slice(1).reduce((at, key) => at[key], spec)));
const inside = (path, query) => `${path}?${new URLSearchParams(query)}`;
/** Objects with their properties in order: serializers write them in one of their own. */
const inOrder = (_key, value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function ask(method, path, body, headers = {}) {
  const init = body === undefined ? { method, headers } : { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const response = await fetch(base + path, init);
  const text = await response.text();
  const { data, meta, error } = text === '' ? {} : JSON.parse(text, inOrder);
  return { status: response.status, data, meta, error, etag: response.headers.get('etag'), location: response.headers.get('location'), shown: `${method} ${path} ${JSON.stringify(body) ?? ''}: ${response.status} ${text.slice(0, 500)}` };
}

async function want(status, ...request) {
  const answer = await ask(...request);
  assert.equal(answer.status, status, answer.shown);
  return answer;
}

async function pages(path) {
  const rows = [];
  for (let next = path; next !== undefined; ) {
    const { data, meta } = await want(200, 'GET', next);
    rows.push(...data);
    next = meta.next;
  }
  return rows;
}

/** A list with its address of one row, as the document has them. */
function resources() {
  return Object.entries(spec.paths).filter(([path, item]) => item.get !== undefined && !path.includes('{')).map(([path, item]) => {
    const one = Object.keys(spec.paths).find((each) => each.startsWith(`${path}/{`) && each.slice(path.length + 1).split('/').every((part) => part.startsWith('{')));
    const names = item.get.parameters.map((p) => follow(p)).filter((p) => p.in === 'query');
    const values = (name) => (follow(follow(names.find((p) => p.name === name)?.schema)?.items)?.enum) ?? [];
    const input = follow(item.post?.requestBody.content['application/json'].schema);
    return {
      path, item: spec.paths[one] ?? {}, one, keys: one === undefined ? [] : one.slice(path.length + 1).split('/').map((part) => part.slice(1, -1)),
      filters: names.map((p) => p.name), sorts: values('sort'), fields: values('fields'), expands: values('expand'), input, creates: item.post !== undefined,
      bulk: spec.paths[`${path}/bulk`] !== undefined, nested: Object.keys(spec.paths).filter((each) => one !== undefined && each.startsWith(`${one}/`)),
    };
  });
}

const addressOf = ({ path, keys }, row) => [path, ...keys.map((key) => encodeURIComponent(row[key]))].join('/');
const pick = (row, names) => Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));

async function reads(r, rows) {
  for (const limit of [1, 7]) {
    const again = await pages(`${r.path}?limit=${limit}`);
    assert.ok(same(again, rows), `${r.path}: pages of ${limit} are other rows`);
  }
  const two = r.fields.slice(0, 2);
  assert.deepEqual(await pages(inside(r.path, { fields: two, limit: 100 })), rows.map((row) => pick(row, two)), `${r.path}: fields`);
  for (const row of r.keys.length > 0 ? rows : []) {
    const { data, etag } = await want(200, 'GET', addressOf(r, row));
    assert.deepEqual(data, row);
    await want(304, 'GET', addressOf(r, row), undefined, { 'if-none-match': etag });
  }
}

/** What is equal, and what is not; less, and not less: together they are all rows that have a value. */
async function filters(r, rows) {
  const count = async (query) => (await pages(inside(r.path, { ...query, limit: 100 }))).length;
  for (const name of r.fields) {
    const parameter = ['limit', 'after', 'sort', 'fields', 'expand'].includes(name) ? `filter[${name}]` : name;
    if (!r.filters.includes(parameter)) {
      continue;
    }
    const filled = rows.filter((row) => row[name] !== null);
    if (r.filters.includes(`${parameter}[is]`)) {
      assert.equal(await count({ [`${parameter}[is]`]: 'null' }), rows.length - filled.length, `${r.path} ${name} is null`);
      assert.equal(await count({ [`${parameter}[is]`]: 'notnull' }), filled.length);
    }
    for (const { [name]: value } of [filled[0], filled[Math.floor(filled.length / 2)]].filter(Boolean)) {
      const equal = await count({ [parameter]: value });
      assert.equal(equal, filled.filter((row) => same(row[name], value)).length, `${r.path}?${parameter}=${value}`);
      assert.equal(await count({ [`${parameter}[ne]`]: value }), filled.length - equal);
      if (r.filters.includes(`${parameter}[in]`) && value !== '' && !String(value).includes(',')) { // nothing is a list of nothing
        assert.equal(await count({ [`${parameter}[in]`]: value }), equal, `${r.path}?${parameter}[in]=${value}`);
      }
      if (r.filters.includes(`${parameter}[lt]`)) {
        const [lt, lte, gt, gte] = await Promise.all(['lt', 'lte', 'gt', 'gte'].map((op) => count({ [`${parameter}[${op}]`]: value })));
        assert.deepEqual([lte - lt, gte - gt, lt + gte, lte + gt], [equal, equal, filled.length, filled.length], `${r.path} around ${name} = ${value}`);
        console.log(r.path, name, value, lt, gt);
      }
    }
  }
}

async function orders(r, rows) {
  const sorted = (list) => list.map((row) => JSON.stringify(row)).sort();
  for (const name of r.sorts.filter((each) => !each.startsWith('-'))) {
    const [up, down] = await Promise.all([name, `-${name}`].map((sort) => pages(inside(r.path, { sort, limit: 6 }))));
    assert.deepEqual(sorted(up), sorted(rows), `${r.path} sorted by ${name} has other rows`);
    assert.deepEqual(sorted(down), sorted(rows), `${r.path} sorted by -${name} has other rows`);
    assert.deepEqual(down.map((row) => row[name]).reverse(), up.map((row) => row[name]), `${r.path}: -${name} is not the reverse of ${name}`);
    console.log(r.path, 'sort', name, up.map((row) => row[name]).join(' '));
  }
}

async function follows(r, rows, all) {
  for (const name of r.expands) {
    const full = await pages(inside(r.path, { expand: name, limit: 100 }));
    assert.deepEqual(full.map(({ [name]: _, ...row }) => row), rows, `${r.path}: expand changes rows`);
    const found = full.map((row) => row[name]).filter((row) => row !== null);
    for (const row of found) {
      assert.ok(all.some((each) => same(each, row)), `${r.path}: ${name} is no row: ${JSON.stringify(row)}`);
    }
    console.log(r.path, 'expand', name, found.length);
  }
  for (const nested of r.nested) {
    let sum = 0;
    for (const row of rows) {
      const list = await pages(`${nested.replace(r.one, addressOf(r, row))}?limit=3`);
      assert.ok(list.every((each) => all.some((other) => same(each, other))), `${nested} has rows that are none`);
      sum += list.length;
    }
    console.log(nested, sum);
  }
}

async function writes(r, rows) {
  const names = Object.keys(r.input?.properties ?? {});
  const changed = follow(r.item.patch?.requestBody.content['application/json'].schema);
  for (const row of rows.slice(0, 4)) {
    const own = addressOf(r, row);
    if (changed !== undefined) {
      await want(412, 'PATCH', own, {}, { 'if-match': '"another"' });
      const { etag } = await want(200, 'GET', own);
      assert.deepEqual((await want(200, 'PATCH', own, pick(row, Object.keys(changed.properties ?? {})), { 'if-match': etag })).data, row, `${r.path}: a row is not what was written`);
      for (const name of Object.keys(changed.properties ?? {})) {
        assert.deepEqual((await want(200, 'PATCH', own, { [name]: row[name] })).data, row);
      }
    }
    if (r.item.put !== undefined) {
      assert.deepEqual((await want(200, 'PUT', own, pick(row, names))).data, row, `${r.path}: PUT`);
    }
  }
  const keyed = r.keys.length > 0 && r.keys.every((key) => names.includes(key));
  if (r.creates && keyed) {
    await want(409, 'POST', r.path, pick(rows[0], names));
    if (r.bulk) {
      await want(409, 'POST', `${r.path}/bulk`, [pick(rows[0], names)]);
    }
  }
  if (r.creates && r.keys.length === 0) {
    const { data } = await want(201, 'POST', r.path, pick(rows[0], names));
    assert.deepEqual(data, rows[0]);
  }
}

/** A row is taken out and put in again, where no other one refers to it. */
async function leaves(r, rows) {
  const names = Object.keys(r.input?.properties ?? {});
  if (r.item.delete === undefined || !r.creates) {
    return;
  }
  for (const row of rows.slice(-2)) {
    const own = addressOf(r, row);
    if ((await ask('GET', own)).status === 404) {
      continue; // it went with one that it referred to
    }
    const { etag } = await want(200, 'GET', own);
    await want(412, 'DELETE', own, undefined, { 'if-match': `"another", ${etag.toUpperCase()}` });
    const { status, shown } = await ask('DELETE', own, undefined, { 'if-match': `"another", ${etag}` });
    console.log('DELETE', own, status);
    assert.ok([204, 409].includes(status), shown);
    if (status === 409) {
      continue;
    }
    await want(404, 'GET', own);
    await want(404, 'DELETE', own);
    const again = await ask('POST', r.path, pick(row, names));
    console.log('POST', r.path, again.status);
    if (r.keys.every((key) => names.includes(key)) && r.fields.includes('removedAt')) {
      assert.equal(again.status, 409, again.shown); // it is hidden, and still there
      continue;
    }
    assert.equal(again.status, 201, again.shown);
    assert.deepEqual(pick(again.data, names), pick(row, names));
    assert.deepEqual((await want(200, 'GET', again.location)).data, again.data);
  }
}

/** Each part of a request that the document describes is refused by name where it is nonsense. */
async function refuses(r, rows) {
  const refused = async (field, ...request) => {
    const { error, shown } = await want(400, ...request);
    assert.ok(error.details.some((detail) => detail.field.split(/[/.[]/)[0] === field), `${field} is not named: ${shown}`);
  };
  for (const name of r.filters) {
    await want(400, 'GET', inside(r.path, { [name]: '\u0000' }));
  }
  await refused('nonsense', 'GET', inside(r.path, { nonsense: '1' }));
  for (const [name, value] of [['limit', '0'], ['limit', '1.5'], ['after', 'nonsense'], ['sort', 'nonsense'], ['fields', 'nonsense'], ['expand', 'nonsense']]) {
    if (r.filters.includes(name)) {
      await refused(name, 'GET', inside(r.path, { [name]: value }));
    }
  }
  for (const key of r.keys) {
    await want(400, 'GET', addressOf(r, { ...rows[0], [key]: '\u0000' }));
  }
  const patch = follow(r.item.patch?.requestBody.content['application/json'].schema);
  for (const [method, path, schema] of [['POST', r.path, r.creates ? r.input : undefined], ['PATCH', addressOf(r, rows[0]), patch]]) {
    const whole = pick(rows[0], Object.keys(schema?.properties ?? {}));
    for (const [name, property] of Object.entries(schema?.properties ?? {})) {
      if (isAny(property)) {
        continue;
      }
      // What no column takes: an object with names of nobody, and more dimensions than there are.
      await refused(name, method, path, { ...whole, [name]: { nonsense: { '\u0000': 1 } } });
      if (!isAny(follow(property).items ?? property)) { // an element of json[] may be deep
        await refused(name, method, path, { ...whole, [name]: [[[[[[[[1]]]]]]]] });
      }
    }
    if (schema !== undefined) {
      await want(400, method, path, [whole]);
      await want(400, method, path, 'text');
    }
  }
}

/** Says of a schema that it takes all JSON: json and jsonb. */
function isAny(schema) {
  const { type, $ref, anyOf, enum: values, const: one, ...rest } = schema;
  return $ref === undefined ? type === undefined && anyOf === undefined && values === undefined && one === undefined && rest.properties === undefined : isAny(follow(schema));
}

const all = [];
const each = [];
for (const r of resources()) {
  const rows = await pages(`${r.path}?limit=100`);
  assert.ok(rows.length > 0, `${r.path} has no rows`);
  each.push([r, rows]);
  all.push(...rows);
  console.log(r.path, rows.length, JSON.stringify(rows[0]));
}
for (const step of [reads, refuses, filters, orders, (r, rows) => follows(r, rows, all), writes, leaves]) {
  for (const [r, rows] of each) {
    await step(r, rows);
  }
}
console.log(each.length, 'tables');
