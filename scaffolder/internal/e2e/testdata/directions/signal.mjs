// node --import signal.mjs server.js: a signal at the moment of the start that MOMENT names.
import { Server } from 'node:net';

const { MOMENT: moment } = process.env;
const { listen } = Server.prototype;
const { on } = process;
const signal = () => process.emit('SIGTERM', 'SIGTERM');

process.on = function (name, ...rest) {
  if (name === 'SIGINT') { // the second of two, which stopping.ts listens for
    ({ heard: signal, next: () => process.nextTick(signal), later: () => setImmediate(signal) })[moment]?.();
  }
  return on.call(this, name, ...rest);
};

Server.prototype.listen = function (...rest) {
  if (moment === 'before') signal();
  const out = listen.apply(this, rest);
  if (moment === 'after') signal();
  return out;
};
