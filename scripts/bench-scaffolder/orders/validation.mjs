// node validation.mjs PROJECT ROUNDS: what it costs to judge a body, in CPU time.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { invalid, valid } from './body.mjs';
import { Order } from './zod.mjs';

const [project, rounds] = process.argv.slice(2);
const { checkOrder } = await import(`${project}/dist/middleware/validators.js`);

function ajv(allErrors) {
  const ajv = addFormats.default(new Ajv2020.default({ allErrors, discriminator: true, strict: false }));
  const document = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8'));
  delete document.components.schemas.Order.properties.payment.discriminator.mapping; // ajv has none
  ajv.addSchema(document, 'doc');
  return ajv.compile({ $ref: 'doc#/components/schemas/Order' });
}

const contenders = [
  ['generated', (body) => checkOrder(body, '', [])],
  ['ajv, all errors', ajv(true)],
  ['ajv, first error', ajv(false)],
  ['zod', (body) => Order.safeParse(body).success],
];
const turns = 20_000;
const results = contenders.map(([name, judge]) => ({ name, judge, valid: [], invalid: [] }));
for (const { name, judge } of results) {
  if (judge(valid) !== true || judge(invalid) !== false) {
    throw new Error(`${name} judges wrongly`);
  }
}
for (let round = 0; round <= Number(rounds); round++) {
  for (const result of results) {
    for (const [kind, body] of Object.entries({ valid, invalid })) {
      const before = process.cpuUsage();
      for (let i = 0; i < turns; i++) {
        result.judge(body);
      }
      const { user, system } = process.cpuUsage(before);
      if (round > 0) {
        result[kind].push(((user + system) / turns) * 1000); // the first round warms up
      }
    }
  }
}
const least = (values) => Math.min(...values); // what other programs do only adds to it
console.log(`\nValidation of a body of ${JSON.stringify(valid).length} bytes (CPU time, the least of ${rounds} turns)`);
const ours = { valid: least(results[0].valid), invalid: least(results[0].invalid) };
for (const { name, ...figures } of results) {
  const cell = (kind) =>
    `${kind} ${least(figures[kind]).toFixed(0).padStart(6)} ns, ratio ${(least(figures[kind]) / ours[kind]).toFixed(2).padStart(5)}`;
  console.log(`  ${name.padEnd(18)} ${cell('valid')}   ${cell('invalid')}`);
}
