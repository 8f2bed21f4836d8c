// What is worth telling beside the endpoints, and where a registration stands.
'use strict';

const notes = [];
const state = { listened: false, served: new Set(), last: Date.now() };

/** Notes something once. */
function note(kind, text) {
  if (!notes.some((have) => have.kind === kind && have.text === text) && notes.length < 100) {
    notes.push({ kind, text });
  }
}

/** Says that the application is still at work. */
function busy() {
  state.last = Date.now();
}

const own = /^(express|router|koa|@koa\/router|koa-router|koa-mount|koa-compose|fastify|avvio|fastify-plugin|@fastify\/autoload|express-promise-router|express-async-errors|tsx|reusify|fastq)$/;

/** The statement that registers: the innermost frame outside of the frameworks. */
function callSite() {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  let name = '';
  for (const line of String(stack).split('\n').slice(1)) {
    const found = /\(?((?:file:\/\/)?\/[^()]*?|[A-Za-z]:\\[^()]*?):(\d+):(\d+)\)?$/.exec(line);
    if (!found || found[1].startsWith(__dirname)) {
      continue;
    }
    const file = found[1].replace(/^file:\/\//, '').replace(/\?.*$/, '');
    const parts = file.split(/[\\/]node_modules[\\/]/);
    if (parts.length === 1) {
      return { at: { file, line: Number(found[2]), column: Number(found[3]) }, package: '' };
    }
    const words = parts.at(-1).split(/[\\/]/);
    const from = words[0].startsWith('@') ? `${words[0]}/${words[1]}` : words[0];
    if (!own.test(from)) {
      name = from;
      return { at: undefined, package: name };
    }
  }
  return { at: undefined, package: name };
}

module.exports = { notes, note, state, busy, callSite };
