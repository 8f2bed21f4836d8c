// Fastify tells of every route that it gets.
'use strict';

const channel = require('node:diagnostics_channel');
const { busy, callSite } = require('./notes.cjs');

const instances = new Set();
const list = [];

function observe(fastify) {
  if (instances.has(fastify)) {
    return;
  }
  instances.add(fastify);
  fastify.addHook('onRoute', (route) => {
    busy();
    const methods = [route.method].flat();
    list.push({ methods, pieces: [route.url], dialect: 'fastify', automatic: methods.join() === 'HEAD', ...callSite() });
  });
}

function patch() {
  channel.subscribe('fastify.initialization', ({ fastify }) => observe(fastify));
}

/** Has plugins run that wait for somebody to listen. */
async function ready() {
  for (const fastify of instances) {
    await fastify.ready();
  }
}

function endpoints() {
  return list;
}

function count() {
  return instances.size;
}

module.exports = { name: 'fastify', patch, ready, endpoints, count };
