// When the application has started, or cannot, the list is written and the process ends.
'use strict';

const fs = require('node:fs');
const { pathToFileURL } = require('node:url');

/** How long nothing may happen before it counts as started, in milliseconds. */
const quietAfterListen = 400;
const quietOtherwise = 3000;

function watch(settings, frameworks, { notes, note, state }) {
  const exit = process.reallyExit.bind(process);
  let ended = false;
  let asked = false;

  function write(outcome) {
    if (ended) {
      return;
    }
    ended = true;
    const endpoints = [];
    for (const framework of frameworks) {
      try {
        for (const endpoint of framework.endpoints()) {
          endpoints.push({ framework: framework.name, ...endpoint, methods: methodsOf(endpoint), pieces: endpoint.pieces.map(piece) });
        }
      } catch (error) {
        note('failure', `the routes of ${framework.name} cannot be listed: ${firstLine(error)}`);
      }
    }
    const result = { outcome, listened: state.listened, endpoints, notes, node: process.version };
    fs.writeFileSync(settings.out, JSON.stringify(result));
    exit(0);
  }

  process.on('uncaughtException', (error) => note('failure', firstLine(error)));
  process.on('unhandledRejection', (error) => note('failure', firstLine(error)));
  const leave = (code) => {
    if (code) {
      note('failure', `it ended itself with code ${code}`);
    }
    write(code ? 'stopped' : 'ended');
    exit(code);
  };
  process.exit = leave;
  process.reallyExit = leave;
  process.abort = () => leave(134);

  /** Nobody waits for anything: what is left is asked to start. */
  process.on('beforeExit', () => {
    if (asked) {
      write('idle');
      return;
    }
    asked = true;
    start().then(
      () => setTimeout(() => write('idle'), 200),
      (error) => {
        note('failure', firstLine(error));
        write('idle');
      },
    );
  });

  async function start() {
    if (frameworks.every((framework) => framework.count() === 0)) {
      await callExports(settings, note);
    }
    for (const framework of frameworks) {
      await framework.ready?.();
    }
  }

  const begun = Date.now();
  let cpu = process.cpuUsage();
  let idleSince = Date.now();
  const poll = setInterval(() => {
    const used = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    if (used.user + used.system > 20_000) {
      idleSince = Date.now();
    }
    const quiet = Date.now() - Math.max(idleSince, state.last);
    if (Date.now() - begun > settings.timeout) {
      write('timeout');
    } else if (quiet > (state.listened ? quietAfterListen : quietOtherwise)) {
      if (asked || state.listened) {
        write(state.listened ? 'listening' : 'idle');
      } else {
        process.emit('beforeExit', 0);
        idleSince = Date.now();
      }
    }
  }, 100);
  poll.unref();
}

/** Calls what an entry gives to whoever starts it: a factory, or a plugin of Fastify. */
async function callExports(settings, note) {
  const given = await import(pathToFileURL(settings.entry).href);
  const names = ['default', 'createApp', 'buildApp', 'build', 'app', 'createServer', 'init', 'start', 'bootstrap', 'main'];
  const root = { ...given, ...(typeof given.default === 'object' ? given.default : {}) };
  for (const name of names) {
    const fn = root[name];
    if (typeof fn !== 'function' || /^class\b/.test(Function.prototype.toString.call(fn))) {
      continue;
    }
    try {
      await (fn.length > 0 && settings.fastify ? plugin(settings, fn) : fn());
      return;
    } catch (error) {
      note('failure', `${name}(): ${firstLine(error)}`);
    }
  }
}

async function plugin(settings, fn) {
  const { createRequire } = require('node:module');
  const fastify = createRequire(settings.entry)('fastify')();
  await fastify.register(fn);
  await fastify.ready();
}

/** ALL where every method is meant: frameworks write them out. */
function methodsOf({ methods }) {
  return ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'].every((one) => methods.includes(one)) || methods.includes('ALL') ? ['ALL'] : methods;
}

function piece(value) {
  if (Array.isArray(value)) {
    return { any: value.map(piece) };
  }
  if (value instanceof RegExp) {
    return { pattern: value.source, flags: value.flags };
  }
  return { text: String(value ?? '') };
}

/** The message of an error with the place in the project that it comes from. */
function firstLine(error) {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const frame = String(error?.stack ?? '')
    .split('\n')
    .find((line) => /^\s+at /.test(line) && !/node:|node_modules/.test(line) && !line.includes(__dirname));
  const place = /((?:file:\/\/)?\/[^()]*:\d+:\d+)\)?$/.exec(frame ?? '')?.[1].replace('file://', '');
  return text.replace(/\nRequire stack:[\s\S]*/, '').replace(/\s+/g, ' ').slice(0, 300) + (place ? ` (${place})` : '');
}

module.exports = { watch };
