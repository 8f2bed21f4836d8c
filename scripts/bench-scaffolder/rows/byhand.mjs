// node byhand.mjs FRAMEWORK: a list and a row by its key as somebody would write them by
// hand over pg: checked parameters, a cursor, an ETag, an id for each request, helmet.

import { createHash, randomUUID } from 'node:crypto';
import helmet from 'helmet';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: '-c TimeZone=UTC' });
const columns = 'id, author_id, title, price, pages, status, tags, created_at';

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function whole(text, least, most, name) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Refused(400, `${name} is not valid`);
  }
  return value;
}

const known = new Set(['limit', 'after']);

async function list(query, requestId) {
  for (const name of query.keys()) {
    if (!known.has(name)) {
      throw new Refused(400, `${name} is not known`);
    }
  }
  const limit = whole(query.get('limit') ?? '20', 1, 100, 'limit');
  const cursor = query.get('after');
  const after = cursor === null ? 0 : whole(JSON.parse(Buffer.from(cursor, 'base64url').toString())[0], 0, 2 ** 31, 'after');
  const { rows } = await pool.query({ name: 'list', text: `SELECT ${columns} FROM books WHERE id > $1 ORDER BY id LIMIT $2`, values: [after, limit + 1] });
  const data = rows.slice(0, limit);
  const meta = { requestId };
  const headers = {};
  if (rows.length > limit) {
    const next = new URLSearchParams(query);
    next.set('after', Buffer.from(JSON.stringify([data.at(-1).id])).toString('base64url'));
    meta.next = `/books?${next}`;
    headers.link = `<${meta.next}>; rel="next"`;
  }
  return { status: 200, headers, body: JSON.stringify({ data, meta }) };
}

async function get(text, requestId, match) {
  const id = whole(text, 1, 2 ** 31 - 1, 'id');
  const { rows } = await pool.query({ name: 'get', text: `SELECT ${columns} FROM books WHERE id = $1`, values: [id] });
  if (rows.length === 0) {
    throw new Refused(404, 'Not found');
  }
  const etag = `"${createHash('sha256').update(JSON.stringify(rows[0])).digest('base64url')}"`;
  if (match === etag) {
    return { status: 304, headers: { etag }, body: undefined };
  }
  return { status: 200, headers: { etag }, body: JSON.stringify({ data: rows[0], meta: { requestId } }) };
}

/** Answers with what `work` gives, or with its error. */
async function answer(work) {
  const requestId = randomUUID();
  const head = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': requestId };
  try {
    const { status, headers, body } = await work(requestId);
    return { status, headers: { ...head, ...headers }, body };
  } catch (error) {
    const status = error instanceof Refused ? error.status : 500;
    return { status, headers: head, body: JSON.stringify({ error: { message: error.message }, meta: { requestId } }) };
  }
}

const queryOf = (url) => new URLSearchParams(url.split('?', 2)[1] ?? '');
const listed = (request) => answer((id) => list(queryOf(request.url), id));
const one = (request, key) => answer((id) => get(key, id, request.headers['if-none-match']));
const port = Number(process.env.PORT);

const servers = {
  async express() {
    const { default: express } = await import('express');
    const send = (response, { status, headers, body }) => response.status(status).set(headers).end(body);
    const app = express().set('etag', false).use(helmet());
    app.get('/health', (_request, response) => response.json({ status: 'ok' }));
    app.get('/books', async (request, response) => send(response, await listed(request)));
    app.get('/books/:id', async (request, response) => send(response, await one(request, request.params.id)));
    app.listen(port, '127.0.0.1');
  },
  async fastify() {
    const { default: fastify } = await import('fastify');
    const { default: plugin } = await import('@fastify/helmet');
    const send = (reply, { status, headers, body }) => reply.code(status).headers(headers).send(body);
    const app = fastify();
    await app.register(plugin);
    app.get('/health', () => ({ status: 'ok' }));
    app.get('/books', async (request, reply) => send(reply, await listed(request.raw)));
    app.get('/books/:id', async (request, reply) => send(reply, await one(request.raw, request.params.id)));
    await app.listen({ port, host: '127.0.0.1' });
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const { default: Router } = await import('@koa/router');
    const { default: use } = await import('koa-helmet');
    const send = (context, { status, headers, body }) => Object.assign(context, { status, body }).set(headers);
    const router = new Router();
    router.get('/health', (context) => {
      context.body = { status: 'ok' };
    });
    router.get('/books', async (context) => void send(context, await listed(context.req)));
    router.get('/books/:id', async (context) => void send(context, await one(context.req, context.params.id)));
    new Koa().use(use()).use(router.routes()).listen(port, '127.0.0.1');
  },
};
await servers[process.argv[2]]();
