// Handlers that answer with what they were given.

import { readFile } from 'node:fs/promises';
import type { Handlers } from '../handlers.contract.js';

export const styles: Handlers['styles'] = (request) => ({ status: 200, body: { ...request } });

export const whole: Handlers['whole'] = (request) => ({ status: 200, body: { ...request } });

export const wholeJson: Handlers['wholeJson'] = (request) => ({
  status: 200,
  body: { ...request },
});

export const form: Handlers['form'] = (request) => ({ status: 200, body: { ...request } });

export const multi: Handlers['multi'] = (request) => ({ status: 200, body: { ...request } });

export const defaults: Handlers['defaults'] = (request) => ({ status: 200, body: { ...request } });

export const upload: Handlers['upload'] = async (request) => {
  const text = await readFile(request.body.file.path, 'utf8');
  return { status: 200, body: { ...request, text } };
};

export const parts: Handlers['parts'] = async ({ body }) => {
  const { file, files = [], ...rest } = body;
  const bytes = await Promise.all(files.map(({ path }) => readFile(path, 'utf8')));
  return { status: 200, body: { ...rest, file: file.filename, files: bytes } };
};

export const text: Handlers['text'] = (request) => ({ status: 200, body: { ...request } });

export const anyBytes: Handlers['anyBytes'] = ({ body }) => ({
  status: 200,
  body: Buffer.from(body).toString('hex'),
});

export const anyText: Handlers['anyText'] = ({ body }) => ({ status: 200, body });

export const searchFound: Handlers['searchFound'] = ({ params, body }) => ({
  status: 200,
  body: { text: `${params.id} ${body.text}` },
});
