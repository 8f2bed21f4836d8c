// openapi.json as somebody would write it with zod by hand.

import { z } from 'zod';

const Customer = z.object({
  name: z.string().min(1).max(100),
  email: z.email(),
  phone: z.string().regex(/^\+[0-9 ]{6,20}$/).optional(),
  address: z.object({
    street: z.string().min(1),
    city: z.string().min(1),
    zip: z.string().regex(/^[0-9A-Z -]{3,10}$/),
    country: z.string().length(2),
  }),
});

const Item = z.object({
  sku: z.string().regex(/^[A-Z]{3}-[0-9]{4}$/),
  title: z.string().max(200).optional(),
  quantity: z.int().min(1).max(999),
  price: z.number().min(0),
  discount: z.number().min(0).max(1).nullable().optional(),
});

const Payment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card'), last4: z.string().regex(/^[0-9]{4}$/), holder: z.string().optional() }),
  z.object({ kind: z.literal('transfer'), iban: z.string().min(15).max(34) }),
]);

export const Order = z.strictObject({
  id: z.uuid(),
  placedAt: z.iso.datetime({ offset: true }),
  currency: z.enum(['EUR', 'USD', 'GBP', 'JPY', 'CHF']),
  note: z.string().max(500).optional(),
  express: z.boolean().optional(),
  customer: Customer,
  items: z.array(Item).min(1).max(100),
  tags: z.array(z.string().min(1).max(20)).refine((tags) => new Set(tags).size === tags.length).optional(),
  payment: Payment.optional(),
});
