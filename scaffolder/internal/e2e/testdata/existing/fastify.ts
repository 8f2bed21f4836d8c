import Fastify from 'fastify';
import { routes } from './routes/_register.js';

const app = Fastify();
app.get('/health', () => ({ mine: true }));
void app.register(routes);
void app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
