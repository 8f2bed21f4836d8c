// node bare.mjs FRAMEWORK [helmet] [zod]: the operation of openapi.json as somebody would
// write it by hand, with the framework's own body parser.

import { Order } from './zod.mjs';

const [framework, ...extras] = process.argv.slice(2);
const port = Number(process.env.PORT);
const receipt = { id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', status: 'accepted', total: 129.5 };
const policies = {
  contentSecurityPolicy: true,
  crossOriginEmbedderPolicy: true,
  crossOriginOpenerPolicy: true,
  crossOriginResourcePolicy: true,
  hsts: { maxAge: 31_536_000, includeSubDomains: true },
};
const helmet = async (name) => (extras.includes('helmet') ? (await import(name)).default : undefined);
const judge = extras.includes('zod') ? (body) => Order.parse(body) : (body) => body;

const servers = {
  async express() {
    const { default: express } = await import('express');
    const use = await helmet('helmet');
    const app = express();
    if (use) {
      app.use(use(policies));
    }
    app.use(express.json());
    app.get('/health', (_request, response) => response.json({ status: 'ok' }));
    app.post('/orders', (request, response) => {
      judge(request.body);
      response.status(201).json(receipt);
    });
    app.listen(port, '127.0.0.1');
  },
  async fastify() {
    const { default: fastify } = await import('fastify');
    const use = await helmet('@fastify/helmet');
    const app = fastify();
    if (use) {
      app.register(use, policies);
    }
    app.get('/health', () => ({ status: 'ok' }));
    app.post('/orders', (request, reply) => {
      judge(request.body);
      return reply.code(201).send(receipt);
    });
    await app.listen({ port, host: '127.0.0.1' });
  },
  async koa() {
    const { default: Koa } = await import('koa');
    const { default: Router } = await import('@koa/router');
    const { default: bodyParser } = await import('koa-bodyparser');
    const use = await helmet('koa-helmet');
    const app = new Koa();
    const router = new Router();
    if (use) {
      app.use(use(policies));
    }
    app.use(bodyParser());
    router.get('/health', (context) => {
      context.body = { status: 'ok' };
    });
    router.post('/orders', (context) => {
      judge(context.request.body);
      context.status = 201;
      context.body = receipt;
    });
    app.use(router.routes()).listen(port, '127.0.0.1');
  },
};
await servers[framework]();
