// node alike.mjs GENERATED ZOD VALUES: asks the validators of two projects, which are made
// of one document, about every value of a file and about many changes of each. They must
// let the same values pass. The one exception: zod does not look at a member __proto__ that
// is not declared, where an object has additionalProperties of a schema.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [generated, zod] = await Promise.all(
  process.argv.slice(2, 4).map((project) => import(join(project, 'dist/middleware/validators.js'))),
);
const values = JSON.parse(readFileSync(process.argv[4], 'utf8'));

const odd = [
  null, true, false, 0, -0, 1, -1, 1.5, 1e-7, 1e21, 2 ** 53, -(2 ** 53), '', ' ', 'a', 'é', '😀😀', 'a\nb',
  '1', '2024-02-30', '2024-02-29T12:00:00Z', '2024-02-29', '12:00:00Z', 'a@example.com', 'a@b', 'x'.repeat(300),
  '3fa85f64-5717-4562-b3fc-2c963f66afa6', 'https://example.com/a?b', '127.0.0.1', '::1', [], [null], ['a', 'a'],
  [1, 2, 3], {}, { a: 1 }, JSON.parse('{"__proto__": {"a": 1}}'), { constructor: 1, toString: 'x' },
];

/** The value with one place of it changed in every way. */
function* changes(value) {
  yield* odd;
  if (Array.isArray(value)) {
    yield [...value, ...value];
    yield [...value, null];
    yield value.slice(1);
    for (const [i, item] of value.entries()) {
      for (const changed of changes(item)) {
        yield value.with(i, changed);
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    yield Object.fromEntries([...entries, ['another', 1]]);
    yield Object.fromEntries([...entries, ['x-another', 'a']]);
    yield JSON.parse(JSON.stringify({ ...value, PROTO: 'x' }).replace('PROTO', '__proto__'));
    for (const [i, [key, item]] of entries.entries()) {
      yield Object.fromEntries(entries.toSpliced(i, 1));
      for (const changed of changes(item)) {
        yield Object.fromEntries(entries.with(i, [key, changed]));
      }
    }
  }
}

// Inline schemas may be a function of their own in one of them only.
const names = Object.keys(generated).filter((name) => typeof zod[name] === 'function' && name.startsWith('check'));
if (names.length === 0) {
  throw new Error('the two have no validator in common');
}
const count = { passed: 0, refused: 0, exceptions: 0 };
const differ = new Map();
for (const value of values) {
  const near = names.filter((name) => generated[name](value, '', []));
  for (const changed of [value, ...changes(value)]) {
    for (const name of changed === value ? names : near) {
      const [ours, theirs] = [[], []];
      const passes = generated[name](changed, '', ours);
      count[passes ? 'passed' : 'refused'] += 1;
      if (passes !== zod[name](changed, '', theirs) || passes !== (theirs.length === 0)) {
        if (theirs.length === 0 && ours.every(({ path }) => path.includes('/__proto__'))) {
          count.exceptions += 1;
          continue;
        }
        const key = `${name} ${JSON.stringify(ours[0] ?? theirs[0])}`;
        differ.set(key, JSON.stringify(changed).slice(0, 300));
      }
    }
  }
}
for (const [key, value] of [...differ].slice(0, 40)) {
  console.log(`${key}: one takes ${value}, and the other does not`);
}
console.log(`${names.length} validators: ${count.passed} values passed, ${count.refused} were refused, ${count.exceptions} were exceptions, ${differ.size} kinds of difference`);
process.exitCode = differ.size === 0 && count.passed > 500 && count.refused > 1000 ? 0 : 1;
