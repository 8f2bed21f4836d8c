import express from 'express';
import { createRouter } from './routes/_register.js';

const app = express();
app.get('/health', (_request, response) => {
  response.json({ mine: true });
});
app.use(createRouter());
app.listen(Number(process.env['PORT']), '127.0.0.1');
