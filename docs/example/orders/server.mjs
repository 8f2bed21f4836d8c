// The bookshop's orders, for scripts/tune. Two mistakes are in it on purpose: the
// schema has no index on orders.customer_id, and each order's lines are loaded by a
// query of their own.
import { createServer } from "node:http";
import pg from "pg";

const db = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 });
await db.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
await db.query("ANALYZE");

createServer(async (request, response) => {
  const [, customer] = /^\/customers\/(\d+)\/orders$/.exec(request.url) ?? [];
  if (!customer) return response.writeHead(404).end();
  try {
    const { rows: orders } = await db.query("SELECT id, placed_at FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT 10", [customer]);
    for (const order of orders) {
      const { rows } = await db.query("SELECT book_id, quantity FROM order_lines WHERE order_id = $1", [order.id]);
      order.lines = rows;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(orders));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(process.env.PORT, "127.0.0.1", () => console.log("ready"));
