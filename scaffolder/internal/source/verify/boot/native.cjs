// Packages that are there and cannot be loaded on this machine (binaries that were not
// built, clients that were not generated) are stubbed: their values take everything.
'use strict';

const nodeModule = require('node:module');
const { note } = require('./notes.cjs');

const unbuilt = /bindings file|No native build|invalid ELF|\.node['"]|different Node\.js version|did not initialize yet|\.prisma\/client|Could not load the ".*" module/;

/** A value that can be called, made, read and awaited. */
function anything() {
  const target = function stub() {};
  return new Proxy(target, {
    get(of, key) {
      if (key === 'prototype') {
        return of.prototype;
      }
      if (key === 'then' || key === Symbol.iterator || key === Symbol.asyncIterator || key === '__esModule') {
        return undefined;
      }
      if (key === Symbol.toPrimitive) {
        return () => '';
      }
      of[key] ??= anything();
      return of[key];
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

function install() {
  const Module = nodeModule.Module ?? nodeModule;
  const { _load: load } = Module;
  Module._load = function stubbing(request, ...rest) {
    try {
      return load.call(this, request, ...rest);
    } catch (error) {
      const bare = /^(@[a-z]|[a-z])/i.test(request);
      if (!request.endsWith('.node') && !(bare && unbuilt.test(String(error?.message)))) {
        throw error;
      }
      note('stub', `${request} cannot be loaded here; it is stubbed`);
      return anything();
    }
  };
}

module.exports = { install };
