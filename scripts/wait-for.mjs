// wait-for URL SECONDS: ends with 0 as soon as URL answers with a success.
const [url, seconds] = process.argv.slice(2);
const deadline = Date.now() + Number(seconds) * 1000;
while (Date.now() < deadline) {
  const answer = await fetch(url).catch(() => undefined);
  if (answer?.ok) process.exit(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
process.exit(1);
