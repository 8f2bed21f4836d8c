// A request body of about 1 kB that fits openapi.json, and one that breaks five rules.

export const valid = {
  id: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  placedAt: '2024-03-05T12:30:00Z',
  currency: 'EUR',
  express: true,
  note: 'Please ring twice and leave the parcel with the neighbour on the first floor.',
  customer: {
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    phone: '+44 20 7946 0958',
    address: { street: '12 St James Square', city: 'London', zip: 'SW1Y 4JH', country: 'GB' },
  },
  items: [
    { sku: 'ABC-1234', title: 'Analytical engine, brass', quantity: 1, price: 99.5, discount: null },
    { sku: 'DEF-5678', title: 'Punched cards, box of 1000', quantity: 3, price: 10, discount: 0.1 },
    { sku: 'GHI-9012', title: 'Oil can', quantity: 2, price: 4.25 },
    {
      sku: 'JKL-3456',
      title:
        'Manual of the engine, second edition, with all plates and the errata of the first one, bound in cloth and leather by hand, and signed by its author',
      quantity: 1,
      price: 21,
    },
  ],
  tags: ['gift', 'fragile', 'insured'],
  payment: { kind: 'card', last4: '4242', holder: 'A. Lovelace' },
};

export const invalid = structuredClone(valid);
invalid.items[2].quantity = 0;
invalid.customer.email = 'nobody';
delete invalid.customer.address.city;
invalid.tags = ['gift', 'gift'];
invalid.payment.last4 = 'x';
