// Handlers that say what they got, and answer what their types do not allow.

import { runInThisContext } from 'node:vm';
import type { Handlers } from '../handlers.contract.js';

export const addBook: Handlers['addBook'] = ({ body }) => ({ status: 200, body });

export const addShelf: Handlers['addShelf'] = ({ body }) => ({ status: 200, body });

class Getter {
  get text(): string {
    return 'of the prototype';
  }
}

const oddValues: readonly unknown[] = [
  { number: null, text: null, flag: null, date: null, list: null, inner: null },
  { number: NaN },
  { list: [1, null] },
  { date: new Date(NaN) },
  { date: new Date(0) },
  { flag: 'false' },
  { number: '7' },
  { text: 7 },
  { inner: [1] },
  { inner: 'x' },
  { list: 'ab' },
  { number: 1, text: 'a', flag: true, date: 'x', list: [1, 2], inner: { x: 'y' }, more: { a: 1 } },
  { text: undefined },
  { number: true },
  { inner: { x: null } },
  { inner: { x: 'y', z: (): number => 1 } },
  new Getter(),
  { number: -0 },
  { text: '\ud800' },
  [{ number: 1 }],
  { toJSON: (): object => ({ number: 2 }) },
];

export const odd: Handlers['odd'] = ({ params }) => ({
  status: 200,
  body: oddValues[params.which] as object,
});

export const values: Handlers['values'] = ({ body }) => ({
  status: 200,
  body: runInThisContext(body) as never,
});

export const alias: Handlers['alias'] = () => ({ status: 200, body: { number: 1 } });

export const optional: Handlers['optional'] = (_request, { identity }) => ({
  status: 200,
  body: identity?.subject ?? null,
});

export const token: Handlers['token'] = (_request, { identity }) => ({
  status: 200,
  body: identity?.subject ?? null,
});

export const thrown: Handlers['thrown'] = () => {
  throw Object.assign(new Error('of another API'), { status: 418 });
};

export const slow: Handlers['slow'] = async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { status: 204 };
};

export const api2: Handlers['api2'] = () => ({ status: 204 });

export const complete2: Handlers['complete2'] = () => ({ status: 204 });

export const createLimiter2: Handlers['createLimiter2'] = () => ({ status: 204 });

export const fromPath2: Handlers['fromPath2'] = () => ({ status: 204 });
