// node keywords.mjs PROJECT: asks the validators of a project, made of keywords.json,
// about each of its values, and writes those that pass as Fastify writes an answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const validators = await import(join(process.argv[2], 'dist/middleware/validators.js'));
const cases = JSON.parse(readFileSync(new URL('keywords.json', import.meta.url), 'utf8'));

const build = createRequire(join(process.argv[2], 'package.json'))('fast-json-stringify');
const answers = await import(join(process.argv[2], 'dist/middleware/responses.js'));

/** Values that a handler may have in place of one: they compile as well. */
function* relatives(value) {
  yield value;
  if (Array.isArray(value)) {
    return;
  }
  yield { ...value, toJSON: () => value };
  yield { ...value, absent: undefined, more: ['\ud800', { a: null, b: undefined }], 'quo"te\n': 1 };
  yield JSON.parse(`{"__proto__":{"a":1},${JSON.stringify(value).slice(1)}`.replace(',}', '}'));
  yield Object.assign(Object.create(null), value);
  for (const name of Object.keys(value)) {
    yield { ...value, [name]: undefined };
  }
}

let written = 0;
function write(i, name, value) {
  const schema = answers[`sendCase${i + 1}`]?.['200'];
  if (schema === undefined || typeof value !== 'object' || value === null) {
    return; // no text or number is written by a schema
  }
  const stringify = build(schema);
  for (const each of relatives(value)) {
    try {
      assert.deepEqual(JSON.parse(stringify(each)), JSON.parse(JSON.stringify(each)));
      written += 1;
    } catch (error) {
      wrong.push(`${name}: ${JSON.stringify(each)} is written otherwise: ${error.message}`);
    }
  }
}

let judged = 0;
const wrong = [];
for (const [i, { name, passes, fails }] of cases.entries()) {
  // With readOnly or writeOnly in it, a schema is another type in requests.
  const check = validators[`checkCase${i + 1}Input`] ?? validators[`checkCase${i + 1}`];
  if (check === undefined) {
    wrong.push(`${name}: there is no validator`);
    continue;
  }
  for (const [values, expected] of [[passes, true], [fails, false]]) {
    for (const value of values) {
      const issues = [];
      const verdict = check(value, '', issues);
      judged += 1;
      if (expected) {
        write(i, name, value);
      }
      if (verdict !== expected || verdict !== (issues.length === 0)) {
        wrong.push(`${name}: ${JSON.stringify(value)} ${expected ? `must pass, and does not: ${JSON.stringify(issues)}` : 'must not pass, and does'}`);
      }
    }
  }
}
console.log([...wrong, `${cases.length} schemas, ${judged} values judged, ${written} written, ${wrong.length} wrong`].join('\n'));
process.exitCode = wrong.length === 0 && judged > 100 && written > 80 ? 0 : 1;
