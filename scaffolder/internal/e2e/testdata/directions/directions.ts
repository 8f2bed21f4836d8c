// Handlers that answer with all they have, and in ways that the document does not allow.

import { Readable } from 'node:stream';
import type { Handlers } from '../handlers.contract.js';

export const addAccount: Handlers['addAccount'] = ({ body }) => ({ status: 200, body });

export const addTeam: Handlers['addTeam'] = ({ body }) => ({ status: 200, body });

const row = {
  id: 1,
  name: 'ann',
  password: 'secret',
  profile: { shown: 'a', token: 'secret', made: 'b' },
};

class Entity {
  readonly connection = 'secret';

  toJSON(): object {
    return { ...row, more: new Date(0) };
  }
}

class Row {
  readonly name = 'ann';
  readonly password = 'secret';
}

const accounts: readonly object[] = [
  row,
  new Entity(),
  new Row(),
  { name: 'ann', password: undefined },
  { name: null, password: ['secret'], profile: null },
  row,
];

export const getAccount: Handlers['getAccount'] = ({ params }) => ({
  status: params.which === 5 ? 404 : 200,
  body: accounts[params.which] as { name: string },
});

const team = {
  title: 't',
  made: 'b',
  key: 'secret',
  members: [row, new Entity()],
  pair: ['x', row],
  lead: row,
  box: { owner: row },
  either: { serial: 's', password: 'secret' },
  tagged: { kind: 'cat', chip: 'secret', claws: 2 },
  secret: 'secret',
  by: { a: row, b: new Row() },
};

export const getTeam: Handlers['getTeam'] = () => ({ status: 200, body: team as never });

export const getRequired: Handlers['getRequired'] = () => ({
  status: 200,
  body: { name: 'ann', password: 'wanted' },
});

const headers = { 'x-total': 1 };

const wrongAnswers: readonly object[] = [
  { status: 200, contentType: 'application/json', headers, body: { name: 'ann' } },
  { status: 200, contentType: 'text/plain', headers, body: 'text' },
  { status: 200, contentType: 'application/octet-stream', headers, body: Buffer.from('bytes') },
  { status: 204 },
  { status: 200, contentType: 'application/json', headers, body: { name: 1 } },
  { status: 202, contentType: 'application/json', headers, body: { name: 'ann' } },
  { status: 200, contentType: 'application/json', body: { name: 'ann' } },
  { status: 200, contentType: 'text/html', headers, body: 'text' },
  { status: 200, headers },
  {
    status: 201,
    contentType: 'text/plain',
    headers,
    get body() {
      return Readable.from(['text']);
    },
  },
];

export const wrong: Handlers['wrong'] = ({ params }) => wrongAnswers[params.which] as never;

export const first: Handlers['first'] = (_request, { identity }) => ({
  status: 200,
  body: identity?.subject ?? null,
});

export const last: Handlers['last'] = (_request, { identity }) => ({
  status: 200,
  body: identity?.subject ?? null,
});

export const several: Handlers['several'] = (_request, { identity }) => ({
  status: 200,
  body: identity?.subject ?? null,
});
