// node main.mjs MAPPER SECONDS [phases]: requests of a bookshop, as a mapper makes
// them. With phases each kind comes by itself, one after the other ends, as in a
// test; without, they arrive by chance (a Poisson process), run beside each other and share a pool.
// The weights make the independent lookups about as many as the rows of the
// independent lists: what a counter by itself would take for a loop.
const [mapper, seconds, phases] = process.argv.slice(2);
const { default: open } = await import(`./${mapper}.mjs`);
const shop = await open(process.env.DATABASE_URL);
const weights = {
  authorsWithBooks: 1.5, booksWithPublisher: 1.5, booksWithReviewCount: 1.5, booksWithTags: 1.5, // lazy
  authorsWithAwards: 1.5, reviewsWithReader: 1.5, // eager
  stores: 1, employeesOfStore: 10, cities: 1, country: 10, // independent
};
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
