// look PAGE…: opens each page in Chromium, on a wide screen, a phone, in the dark and
// on paper, and prints what is wrong with it as JSON: [{page, view, what}].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = {
  wide: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  "without script": { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
};
const wrong = [];

async function look(browser, page, view, options) {
  const say = (what) => wrong.push({ page, view, what });
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  tab.on("console", (m) => say(`console: ${m.type()}: ${m.text()}`));
  tab.on("pageerror", (e) => say(`error: ${e.message}`));
  tab.on("request", (r) => /^(file|data):/.test(r.url()) || say(`fetched: ${r.url()}`));
  await tab.goto(pathToFileURL(page).href);
  if (process.env.LOOK_PICTURES) await tab.screenshot({ path: page.replace(/html$/, `${view}.png`), fullPage: true });
  if (options.javaScriptEnabled === false) {
    await printed(tab, say);
    await context.close();
    return;
  }
  const [width, room] = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (width > room) say(`it is ${width} pixels wide in a window of ${room}`);
  await tab.evaluate(axe);
  for (const v of (await tab.evaluate(() => axe.run())).violations) say(`${v.id}: ${v.help}: ${v.nodes[0].html}`);
  await context.close();
}

// printed: what is folded on the screen is on paper too, also without a script.
async function printed(tab, say) {
  await tab.emulateMedia({ media: "print" });
  for (const folded of await tab.locator("details:not([open])").all()) {
    const box = await folded.locator(":scope > :not(summary)").first().boundingBox();
    if (!box || box.height === 0) say(`not on paper: ${await folded.locator("summary").innerText()}`);
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
for (const page of process.argv.slice(2)) {
  for (const [view, options] of Object.entries(views)) await look(browser, page, view, options);
}
await browser.close();
console.log(JSON.stringify(wrong));
