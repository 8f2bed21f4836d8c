import type { Handlers } from './handlers.contract.js';
import { createRouter, defaultHandlers } from './routes/_register.js';
import { addItem, listItems, setPhoto } from './routes/items.js';
import type * as api from './types/api.js';

const logged: Pick<Handlers, 'addItem' | 'setPhoto'> = { addItem, setPhoto };

export const router: unknown = createRouter({ ...defaultHandlers, listItems, ...logged });
export const first: api.AddItemRequest['body'] = { id: 1, name: 'a' };
