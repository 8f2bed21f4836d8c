// node keywords.mjs PROJECT: asks the validators of a project, made of keywords.json,
// about each of its values.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const validators = await import(join(process.argv[2], 'dist/middleware/validators.js'));
const cases = JSON.parse(readFileSync(new URL('keywords.json', import.meta.url), 'utf8'));

let judged = 0;
const wrong = [];
for (const [i, { name, passes, fails }] of cases.entries()) {
  const check = validators[`checkCase${i + 1}`];
  if (check === undefined) {
    wrong.push(`${name}: there is no validator`);
    continue;
  }
  for (const [values, expected] of [[passes, true], [fails, false]]) {
    for (const value of values) {
      const issues = [];
      const verdict = check(value, '', issues);
      judged += 1;
      if (verdict !== expected || verdict !== (issues.length === 0)) {
        wrong.push(`${name}: ${JSON.stringify(value)} ${expected ? `must pass, and does not: ${JSON.stringify(issues)}` : 'must not pass, and does'}`);
      }
    }
  }
}
console.log([...wrong, `${cases.length} schemas, ${judged} values judged, ${wrong.length} wrong`].join('\n'));
process.exitCode = wrong.length === 0 && judged > 100 ? 0 : 1;
