// Clients of databases and queues say that they are connected.
'use strict';

const { note } = require('./notes.cjs');

const clients = {
  mongoose: ({ Connection }) => {
    Connection.prototype.openUri = function openUri() {
      setImmediate(() => {
        this.readyState = 1;
        this.emit('connected');
        this.emit('open');
      });
      return Promise.resolve(this);
    };
  },
  mongodb: ({ MongoClient }) => {
    MongoClient.prototype.connect = async function connect() {
      return this;
    };
  },
  pg: ({ Client, Pool }) => {
    const result = { rows: [], rowCount: 0, fields: [] };
    for (const proto of [Client.prototype, Pool.prototype]) {
      proto.query = answering(result);
    }
    Client.prototype.connect = answering(undefined);
    Pool.prototype.connect = answering(Object.assign(Object.create(Client.prototype), { release() {} }));
  },
  sequelize: ({ Sequelize }) => {
    for (const name of ['authenticate', 'sync', 'close']) {
      Sequelize.prototype[name] = async () => undefined;
    }
  },
  typeorm: ({ DataSource }) => {
    DataSource.prototype.initialize = async function initialize() {
      await this.buildMetadatas?.();
      this.isInitialized = true;
      return this;
    };
    DataSource.prototype.synchronize = async () => undefined;
    DataSource.prototype.runMigrations = async () => [];
  },
  '@prisma/client': ({ PrismaClient }) => {
    PrismaClient.prototype.$connect = async () => undefined;
  },
  ioredis: (exports) => {
    (exports.Redis ?? exports).prototype.connect = async () => undefined;
  },
  '@redis/client': ({ createClient }) => {
    Object.getPrototypeOf(Object.getPrototypeOf(createClient())).connect = async function connect() {
      return this;
    };
  },
  knex: ({ Client }) => {
    const nothing = Object.assign([], { rows: [], rowCount: 0, affectedRows: 0, insertId: 0 });
    Client.prototype.acquireConnection = async () => ({ __knexUid: 'none' });
    Client.prototype.releaseConnection = async () => undefined;
    Client.prototype.query = async (_connection, query) => ({ ...(typeof query === 'object' ? query : {}), response: nothing, context: { lastID: 0, changes: 0 } });
  },
};

clients['knex/lib/migrations/migrate/Migrator'] = ({ Migrator }) => {
  for (const name of ['latest', 'up', 'down', 'rollback']) {
    Migrator.prototype[name] = async () => [0, []];
  }
};

/** A method that answers by callback or by promise. */
function answering(result) {
  return function answer(...args) {
    const done = args.at(-1);
    if (typeof done === 'function') {
      setImmediate(() => done(null, result, () => {}));
      return undefined;
    }
    return Promise.resolve(result);
  };
}

function patch(copies) {
  for (const [name, replace] of Object.entries(clients)) {
    for (const { exports } of copies(name)) {
      try {
        replace(exports);
        note('client', `${name} is told that it is connected`);
      } catch {
        // another version of it; its connections stay unanswered
      }
    }
  }
}

module.exports = { patch };
