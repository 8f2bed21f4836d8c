// Handlers that answer with what they were given, and with the types that it had.

import type { Handlers } from '../handlers.contract.js';

export const putAccount: Handlers['putAccount'] = ({ params, query, headers, cookies, body }) => {
  const { after, ids = [], plain = 0 } = query;
  const given = [params.id, body.id, after, body.size, body.plain, plain, body.ratio];
  return {
    status: 200,
    headers: { 'x-id': params.id },
    body: {
      ...body,
      path: params.id,
      after,
      ids,
      owner: headers['x-owner'] ?? params.id,
      session: cookies.session ?? params.id,
      types: given.map((each) => typeof each),
    },
  };
};

export const postForm: Handlers['postForm'] = ({ body }) => ({ status: 200, body: body.id });
