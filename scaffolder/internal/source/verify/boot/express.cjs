// Express 4 and 5: what stands in the stacks of the applications that are served.
'use strict';

const { state, busy, callSite } = require('./notes.cjs');

const mounted = Symbol('mounted');
const registered = Symbol('registered');
const apps = new Map(); // with the syntax of their paths

/** The path that use() is given: whatever is no function. */
function pathOf(args) {
  let first = args[0];
  while (Array.isArray(first) && first.length > 0) {
    [first] = first;
  }
  return typeof first === 'function' ? '/' : args[0];
}

function patchRouter(Router) {
  const proto = typeof Router.prototype?.use === 'function' ? Router.prototype : Router;
  if (typeof proto.use !== 'function' || proto[registered]) {
    return;
  }
  proto[registered] = true;
  const { use, route } = proto;
  proto.use = function patchedUse(...args) {
    busy();
    const before = this.stack.length;
    const result = use.apply(this, args);
    for (const layer of this.stack.slice(before)) {
      layer[mounted] = { path: pathOf(args), ...layer[mounted] };
    }
    return result;
  };
  proto.route = function patchedRoute(...args) {
    busy();
    const made = route.apply(this, args);
    made[registered] = callSite();
    return made;
  };
}

function routerOf(app) {
  if (app._router) {
    return app._router;
  }
  try {
    return app.router; // Express 4 throws here
  } catch {
    return undefined;
  }
}

function isApp(value) {
  return typeof value === 'function' && typeof value.handle === 'function' && typeof value.set === 'function';
}

function patchApplication(proto, syntax) {
  if (proto[registered]) {
    return;
  }
  proto[registered] = true;
  const { init, use } = proto;
  proto.init = function patchedInit(...args) {
    apps.set(this, syntax);
    return init.apply(this, args);
  };
  proto.use = function patchedUse(...args) {
    const before = routerOf(this)?.stack.length ?? 0;
    const result = use.apply(this, args);
    const fresh = routerOf(this)?.stack.slice(before) ?? [];
    const handlers = args.flat(Infinity).filter((each) => typeof each === 'function');
    for (const [i, layer] of fresh.slice(-handlers.length).entries()) {
      if (isApp(handlers[i])) {
        layer[mounted] = { ...layer[mounted], app: handlers[i] };
      }
    }
    return result;
  };
}

function patch(copies) {
  for (const { exports: express, require } of copies('express')) {
    if (typeof express.application !== 'object') {
      continue;
    }
    patchApplication(express.application, versionOf(require) < 5 ? 'express4' : 'express5');
    patchRouter(express.Router);
  }
  for (const { exports: Router } of copies('router')) {
    patchRouter(Router);
  }
}

function versionOf(require) {
  try {
    return Number.parseInt(require('express/package.json').version, 10);
  } catch {
    return 5;
  }
}

function* walk(router, prefix, trail, syntax) {
  if (!router || !Array.isArray(router.stack) || trail.includes(router)) {
    return;
  }
  for (const layer of router.stack) {
    if (layer.route) {
      const methods = Object.keys(layer.route.methods).map((m) => (m === '_all' ? 'ALL' : m.toUpperCase()));
      yield { methods, pieces: [...prefix, layer.route.path], dialect: syntax, ...layer.route[registered] };
      continue;
    }
    const { path = '/', app } = layer[mounted] ?? {};
    const inner = app ? routerOf(app) : layer.handle;
    yield* walk(inner, [...prefix, path], [...trail, router], syntax);
  }
}

function inner(router, seen) {
  for (const layer of router?.stack ?? []) {
    const app = layer[mounted]?.app;
    if (app && !seen.has(app)) {
      seen.add(app);
      inner(routerOf(app), seen);
    } else if (layer.handle?.stack) {
      inner(layer.handle, seen);
    }
  }
}

/** The endpoints of what is served; of all applications that no other one mounts, where nothing is. */
function* endpoints() {
  let roots = [...apps.keys()].filter((app) => state.served.has(app));
  if (roots.length === 0) {
    const within = new Set();
    for (const app of apps.keys()) {
      inner(routerOf(app), within);
    }
    roots = [...apps.keys()].filter((app) => !within.has(app));
  }
  for (const app of roots) {
    yield* walk(routerOf(app), [], [], apps.get(app));
  }
}

function count() {
  return apps.size;
}

module.exports = { name: 'express', patch, endpoints, count };
