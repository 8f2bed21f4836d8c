import { createHash } from 'node:crypto';
import type { Handlers } from '../handlers.contract.js';
import type { AddItemRequest, Item } from '../types/api.js';

const items: Item[] = [];

interface Photo {
  readonly digest: string;
}

const photos = new Map<number, Photo>();

function remember(id: number, digest: string): void {
  photos.set(id, { digest });
}

/** All items. */
export const listItems: Handlers['listItems'] = () => {
  return { status: 200, body: items };
};

function keep(body: AddItemRequest['body']): Item {
  const item = body ?? { id: 1, name: 'a' };
  items.push(item);
  return item;
}

export const addItem: Handlers['addItem'] = ({ body }) => {
  return { status: 201, body: keep(body) };
};

// Photos are known by their digest.
export const setPhoto: Handlers['setPhoto'] = ({ params }) => {
  remember(params.id, createHash('sha256').update(String(params.id)).digest('hex'));
  return { status: 204 };
};
