// Koa with @koa/router or koa-router, koa-mount and koa-compose.
'use strict';

const { state, busy, callSite } = require('./notes.cjs');

const registered = Symbol('registered');
const behind = Symbol('behind');
const apps = new Set();
const routers = new Set();
let usual = 'koa6'; // for routers of a copy that only import finds

/** Puts another value where require and import find a package. */
function replace(copy, value) {
  const cached = copy.require.cache[copy.file];
  if (cached) {
    cached.exports = Object.assign(value, copy.exports);
  }
}

function patchApplication(Koa) {
  const proto = Koa.prototype;
  if (!proto || proto[registered]) {
    return;
  }
  proto[registered] = true;
  const { use, callback } = proto;
  proto.use = function patchedUse(...args) {
    busy();
    apps.add(this);
    return use.apply(this, args);
  };
  proto.callback = function patchedCallback(...args) {
    const listener = callback.apply(this, args);
    apps.add(this);
    listener[behind] = this;
    return listener;
  };
}

function patchRouter(Router, dialect) {
  const proto = Router?.prototype;
  if (!proto || typeof proto.register !== 'function' || proto[registered]) {
    return;
  }
  proto[registered] = true;
  const { register, routes } = proto;
  proto.register = function patchedRegister(...args) {
    busy();
    const before = new Set(this.stack);
    const result = register.apply(this, args);
    const site = callSite();
    for (const layer of this.stack) {
      if (!before.has(layer)) {
        layer[registered] = site;
      }
    }
    return result;
  };
  proto.routes = function patchedRoutes(...args) {
    routers.add(this);
    this[behind] = dialect;
    return routes.apply(this, args);
  };
  proto.middleware = proto.routes;
}

function patch(copies) {
  for (const { exports } of copies('koa')) {
    patchApplication(exports.default ?? exports);
  }
  for (const name of ['@koa/router', 'koa-router']) {
    for (const { exports, require } of copies(name)) {
      const major = Number.parseInt(versionOf(require, name), 10);
      usual = major >= 14 ? 'express5' : 'koa6';
      patchRouter(exports.prototype?.register ? exports : (exports.default ?? exports.Router), usual);
    }
  }
  for (const copy of copies('koa-mount')) {
    replace(copy, (prefix, target) => {
      const made = copy.exports(prefix, target);
      const known = typeof prefix === 'string';
      made[behind] = { path: known ? prefix : '/', target: known ? target : prefix };
      return made;
    });
  }
  for (const copy of copies('koa-compose')) {
    replace(copy, (list) => {
      const made = copy.exports(list);
      made[behind] = { path: '/', list };
      return made;
    });
  }
}

function versionOf(require, name) {
  try {
    return require(`${name}/package.json`).version;
  } catch {
    return '14';
  }
}

function* walk(handlers, prefix, depth, reached) {
  if (depth > 20) {
    return;
  }
  for (const handler of handlers ?? []) {
    const known = handler?.[behind];
    if (handler?.router) {
      yield* layers(handler.router, prefix, reached);
    } else if (known?.list) {
      yield* walk(known.list, prefix, depth + 1, reached);
    } else if (known?.target) {
      const { target } = known;
      reached.add(target);
      yield* walk(target.middleware ?? [target], [...prefix, known.path], depth + 1, reached);
    }
  }
}

function* layers(router, prefix, reached) {
  reached.add(router);
  for (const layer of router.stack) {
    const methods = layer.methods ?? [];
    if (methods.length === 0) {
      continue;
    }
    yield { methods, pieces: [...prefix, layer.path], dialect: router[behind] ?? usual, ...layer[registered] };
  }
}

function* endpoints() {
  const reached = new Set();
  const served = [...state.served].map((listener) => listener[behind]).filter((app) => apps.has(app));
  const list = [];
  for (const app of served.length > 0 ? served : apps) {
    list.push(...walk(app.middleware, [], 0, reached));
  }
  yield* list;
}

function count() {
  return apps.size + routers.size;
}

module.exports = { name: 'koa', patch, endpoints, count };
