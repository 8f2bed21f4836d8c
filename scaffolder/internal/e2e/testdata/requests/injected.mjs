// node injected.mjs PROJECT FRAMEWORK: a handler and a middleware that are given take
// effect; what is not given stays.
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

const [project, framework] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(`${project}/dist/${name}`));
const { createApp } = await load('app.js');
const { defaultHandlers } = await load('routes/_register.js');
const marks = {
  express: (_request, response, next) => {
    response.set('x-mark', 'here');
    next();
  },
  fastify: (_request, reply, done) => {
    reply.header('x-mark', 'here');
    done();
  },
  koa: (context, next) => {
    context.set('x-mark', 'here');
    return next();
  },
};
const searchFound = () => ({ status: 200, body: { text: 'given' } });
const app = createApp({ ...defaultHandlers, searchFound }, { middleware: [marks[framework]] });
if (framework === 'fastify') {
  await app.listen({ port: 0, host: '127.0.0.1' });
}
const server = framework === 'fastify' ? app.server : app.listen(0, '127.0.0.1');
if (!server.listening) {
  await once(server, 'listening');
}
const base = `http://127.0.0.1:${server.address().port}`;
let bad = 0;
async function t(name, path, init, want) {
  const r = await fetch(base + path, init);
  const got = `${r.status} ${r.headers.get('x-mark')} ${await r.text()}`;
  if (!want.test(got)) {
    bad++;
    console.log('FAIL', name, got);
  }
}
const query = { method: 'QUERY', headers: { 'content-type': 'application/json' }, body: '{"text":"a"}' };
await t('given', '/found/7', query, /^200 here \{"text":"given"\}$/);
await t('not given', '/styles/1/.a/;matrix=x', {}, /^200 here \{.*"simple":\[1\]/);
await t('not valid', '/found/x', query, /^400 here /);
process.exit(bad === 0 ? 0 : 1);
