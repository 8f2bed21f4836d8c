// Nothing leaves the process: servers do not listen, connections stay unanswered,
// no other program is started.
'use strict';

const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');
const { EventEmitter } = require('node:events');
const { note, state, busy } = require('./notes.cjs');

function isolate() {
  silenceServers();
  silenceSockets();
  silenceNames();
  silencePrograms();
}

/** A server says that it listens, and does not. */
function silenceServers() {
  net.Server.prototype.listen = function listen(...args) {
    state.listened = true;
    busy();
    for (const listener of this.listeners('request')) {
      state.served.add(listener);
    }
    const done = args.findLast((arg) => typeof arg === 'function');
    setImmediate(() => {
      this.emit('listening');
      done?.call(this);
    });
    return this;
  };
  net.Server.prototype.address = function address() {
    return { address: '127.0.0.1', family: 'IPv4', port: 3000 };
  };
}

function silenceSockets() {
  net.Socket.prototype.connect = function connect() {
    note('network', 'connections are not made');
    this.connecting = true;
    return this;
  };
  dgram.Socket.prototype.bind = function bind() {
    return this;
  };
  dgram.Socket.prototype.send = function send() {};
}

function silenceNames() {
  const lookup = (name, options, callback) => {
    const done = typeof options === 'function' ? options : callback;
    const all = typeof options === 'object' && options !== null && options.all;
    const address = { address: '127.0.0.1', family: 4 };
    setImmediate(() => (all ? done(null, [address]) : done(null, address.address, 4)));
  };
  dns.lookup = lookup;
  for (const name of Object.keys(dns)) {
    if (/^(resolve|reverse)/.test(name) && typeof dns[name] === 'function') {
      dns[name] = (...args) => {
        const done = args.at(-1);
        if (typeof done === 'function') {
          setImmediate(() => done(Object.assign(new Error('no network'), { code: 'ENOTFOUND' })));
        }
      };
    }
  }
}

/** Programs are not started; the one that translates TypeScript is. */
function silencePrograms() {
  const needed = (args) => /[\\/]node_modules[\\/](@?esbuild|tsx)[\\/]/.test([args[0], ...[args[1]].flat()].join(' '));
  for (const name of ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync']) {
    const original = childProcess[name];
    childProcess[name] = function start(...args) {
      if (needed(args)) {
        return original.apply(this, args);
      }
      note('program', `the program ${String(args[0]).split(' ')[0]} is not started`);
      if (name.endsWith('Sync')) {
        const encoding = args.at(-1)?.encoding;
        const empty = encoding && encoding !== 'buffer' ? '' : Buffer.alloc(0);
        return name === 'spawnSync' ? { status: 0, stdout: empty, stderr: empty, pid: 0, output: [null, empty, empty], signal: null } : empty;
      }
      const child = new EventEmitter();
      Object.assign(child, { stdin: null, stdout: null, stderr: null, pid: undefined, kill: () => false, unref: () => child, ref: () => child, send: () => false, on: child.on });
      return child;
    };
  }
}

module.exports = { isolate };
