import type { Handlers } from '../handlers.contract.js';

/** Handlers that came to their end because nobody read on. */
let ended = 0;

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

async function* entries(count: number) {
  for (let i = 1; i <= count; i += 1) {
    await pause();
    yield { name: `n${i}`, secret: 'kept here' };
  }
}

export const getLines: Handlers['getLines'] = async () => ({ status: 200, body: entries(3) });

export const getRecords: Handlers['getRecords'] = async () => ({
  status: 200,
  body: new Set([{ n: 1 }, { n: 2 }]),
});

export const getEvents: Handlers['getEvents'] = async () => ({
  status: 200,
  body: [
    { event: 'greeting', data: 'two\nlines', id: '1' },
    { data: '', retry: 5 },
  ],
});

export const getEither: Handlers['getEither'] = async ({ query }) => {
  switch (query.as) {
    case 'list':
      return { status: 200, contentType: 'application/json', body: ['a', null] };
    case 'lines':
      return { status: 200, contentType: 'application/x-ndjson', body: ['a', null] };
    case 'text':
      return { status: 200, contentType: 'application/x-ndjson', body: '"as it is"\n' };
  }
};

async function* broken() {
  yield* entries(1);
  throw new Error('the source is gone');
}

export const getBroken: Handlers['getBroken'] = async () => ({ status: 200, body: broken() });

async function* endless() {
  try {
    for (;;) {
      yield* entries(1);
    }
  } finally {
    ended += 1;
  }
}

export const getEndless: Handlers['getEndless'] = async () => ({ status: 200, body: endless() });

export const getEnded: Handlers['getEnded'] = async () => ({ status: 200, body: { ended } });

export const getStatuses: Handlers['getStatuses'] = async ({ query }) => {
  switch (query.as) {
    case 202:
      return { status: 202, body: 'later' };
    case 404:
      return { status: 404, body: { title: 'none' } };
    case 409:
      return { status: 409, body: {} };
    default:
      return { status: 200, body: {} };
  }
};
