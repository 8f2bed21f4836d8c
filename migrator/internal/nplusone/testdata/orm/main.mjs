// node main.mjs MAPPER SECONDS [phases]: requests of an application, as a mapper makes
// them. With phases each kind comes by itself, one after the other ends, as in a
// test; without, they arrive by chance (a Poisson process), run beside each other and share a pool.
// weights.json makes the independent lookups about as many as the rows of the
// independent lists: what a counter by itself would take for a loop.
import { readFileSync } from "node:fs";

const [mapper, seconds, phases] = process.argv.slice(2);
const { default: open } = await import(`./${mapper}.mjs`);
const shop = await open(process.env.DATABASE_URL);
const weights = JSON.parse(readFileSync(new URL("weights.json", import.meta.url)));
const names = Object.keys(weights);
const sum = names.reduce((n, name) => n + weights[name], 0);
const pick = () => {
  let at = Math.random() * sum;
  return names.find((name) => (at -= weights[name]) <= 0) ?? names[0];
};
const between = (low, high) => low + Math.floor(Math.random() * (high - low + 1));
const rate = Number(process.env.RATE ?? 60); // requests a second
const end = Date.now() + seconds * 1000;
const running = new Set();
let due = Date.now();
const chosen = () => ({ limit: between(6, 14), offset: between(0, 80), id: between(1, 90) });
for (const name of phases ? names : []) {
  for (let i = 0; i < 60 * weights[name]; i++) await shop[name](chosen());
}
while (!phases && due < end) {
  due += (-Math.log(1 - Math.random()) / rate) * 1000;
  const wait = due - Date.now();
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  const request = shop[pick()](chosen()).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
  running.add(request);
  request.finally(() => running.delete(request));
}
await Promise.all(running);
await shop.close();
