import Koa from 'koa';
import { createRouter } from './routes/_register.js';

const app = new Koa();
app.use(async (context, next) => {
  if (context.path === '/health') {
    context.body = { mine: true };
    return;
  }
  await next();
});
app.use(createRouter().routes());
app.listen(Number(process.env['PORT']), '127.0.0.1');
