// node looks.mjs WITH WITHOUT BODY: what counting looks and tries costs, of two projects for
// Fastify that are made of one document and differ in that alone. They take turns in one
// process, and of each the CPU time of its cheapest turn counts: first of validators alone,
// then of whole requests that no socket carries. The last line is for the caller.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const projects = process.argv.slice(2, 4);
const body = readFileSync(process.argv[4], 'utf8');
const budgets = await Promise.all(projects.map((p) => import(join(p, 'dist/middleware/budget.js'))));
const validators = await Promise.all(projects.map((p) => import(join(p, 'dist/middleware/validators.js'))));
const apps = await Promise.all(
  projects.map(async (p) => (await import(join(p, 'dist/app.js'))).createApp()),
);
const value = JSON.parse(body);
const check = Object.keys(validators[0]).find((name) => name.startsWith('check') && accepts(0, name));
if (check === undefined) {
  throw new Error('no validator takes the body');
}

function accepts(k, name) {
  const issues = [];
  return budgets[k].judging(body.length, () => validators[k][name](value, '', issues)) === true || issues.length === 0;
}

function microseconds(start) {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

async function least(turns, work) {
  const best = [Infinity, Infinity];
  for (let turn = 0; turn < turns; turn += 1) {
    for (const k of turn % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = process.cpuUsage();
      await work(k);
      best[k] = Math.min(best[k], microseconds(start));
    }
  }
  return best;
}

const calls = 20_000;
const [judged, bare] = await least(60, (k) => {
  for (let i = 0; i < calls; i += 1) {
    accepts(k, check);
  }
});
const requests = 200;
const [asked, askedBare] = await least(60, async (k) => {
  for (let i = 0; i < requests; i += 1) {
    const r = await apps[k].inject({ method: 'POST', url: process.argv[5], headers: { 'content-type': 'application/json' }, payload: body });
    if (r.statusCode >= 400 && r.statusCode < 500) {
      throw new Error(r.body);
    }
  }
});
const look = (judged - bare) / calls;
console.log(`${check}, a body of ${body.length} bytes: ${(judged / calls).toFixed(3)} µs with, ${(bare / calls).toFixed(3)} µs without: ${(judged / bare).toFixed(3)} of it`);
console.log(`a request without a socket: ${(asked / requests).toFixed(1)} µs with, ${(askedBare / requests).toFixed(1)} µs without: ${(asked / askedBare).toFixed(3)} of it`);
console.log((look / (askedBare / requests)).toFixed(5));
