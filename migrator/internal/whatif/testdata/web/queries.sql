-- calls: 900
SELECT * FROM sessions WHERE token = 'f1290186a5d0b1ceab27f4e77c0c5d68' AND expires_at > '2026-01-01';
-- calls: 800
SELECT * FROM users WHERE email = 'user777@example.org' LIMIT 1;
-- calls: 700
SELECT * FROM orders WHERE user_id = 321 AND deleted_at IS NULL ORDER BY placed_at DESC LIMIT 20;
-- calls: 600
SELECT * FROM order_items WHERE order_id = 4242;
-- calls: 500
SELECT oi.*, p.title, p.price_cents FROM order_items oi JOIN products p ON p.id = oi.product_id WHERE oi.order_id IN (11, 22, 33, 44);
-- calls: 400
SELECT count(*) FROM orders WHERE user_id = 99 AND deleted_at IS NULL;
-- calls: 300
SELECT * FROM products WHERE category_id = 17 AND stock > 0 ORDER BY price_cents LIMIT 24;
-- calls: 300
SELECT * FROM products WHERE sku = 'SKU1234';
-- calls: 250
SELECT r.*, u.name FROM reviews r JOIN users u ON u.id = r.user_id WHERE r.product_id = 555 ORDER BY r.created_at DESC LIMIT 10;
-- calls: 250
SELECT avg(stars), count(*) FROM reviews WHERE product_id = 77;
-- calls: 200
SELECT id FROM jobs WHERE queue = 'mail' AND state = 'queued' AND run_at <= '2026-02-01' ORDER BY run_at LIMIT 1;
-- calls: 100
SELECT * FROM orders WHERE status = 'pending' ORDER BY placed_at LIMIT 50;
-- calls: 60
SELECT * FROM categories WHERE parent_id = 3;
-- calls: 50
SELECT p.id, p.title, sum(oi.quantity) FROM order_items oi JOIN products p ON p.id = oi.product_id WHERE p.category_id = 9 GROUP BY p.id, p.title ORDER BY 3 DESC LIMIT 10;
-- calls: 40
SELECT u.id, u.name FROM users u WHERE NOT u.active AND u.created_at > '2025-01-01' ORDER BY u.created_at DESC LIMIT 50;
-- calls: 20
SELECT date_trunc('day', placed_at), count(*), sum(total_cents) FROM orders WHERE placed_at >= '2025-09-01' AND placed_at < '2025-09-08' GROUP BY 1 ORDER BY 1;
-- calls: 10
SELECT u.country, sum(o.total_cents) FROM orders o JOIN users u ON u.id = o.user_id WHERE o.placed_at >= '2025-09-30' GROUP BY u.country;
-- calls: 10
DELETE FROM sessions WHERE expires_at < '2025-12-31';
-- calls: 5
SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_items oi WHERE oi.order_id = o.id) AND o.placed_at > '2025-10-01';
