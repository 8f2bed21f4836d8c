// Runs before the application, by node's --require: what it mounts is noted, what it
// wants of the network is left unanswered, and when it has started the list is written.
'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');

// Threads, node's own for hooks among them, run this file, too: they have no settings.
const given = process.env.SCAFFOLDER_BOOT;
delete process.env.SCAFFOLDER_BOOT;
if (given) {
  prepare(JSON.parse(given));
}

function prepare(settings) {
  const notes = require('./notes.cjs');
  const { isolate } = require('./isolate.cjs');
  const { watch } = require('./finish.cjs');
  require('./native.cjs').install();
  const copies = (name) => copiesOf(name, settings);
  const frameworks = [require('./express.cjs'), require('./koa.cjs'), require('./fastify.cjs')];
  for (const framework of frameworks) {
    framework.patch(copies);
  }
  require('./clients.cjs').patch(copies);
  require('./resolve.cjs').install(settings);
  isolate();
  watch(settings, frameworks, notes);
}

/** The copies of a package that the project can mean: those of its root and of its entry. */
function copiesOf(name, settings) {
  const found = new Map();
  for (const from of [settings.root, path.dirname(settings.entry)]) {
    try {
      const require = createRequire(path.join(from, 'package.json'));
      const file = require.resolve(name);
      found.set(file, { file, exports: require(name), require });
    } catch {
      // not installed, or not for require: nothing to note
    }
  }
  return [...found.values()];
}
