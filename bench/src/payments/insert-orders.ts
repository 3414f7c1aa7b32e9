/** Orders to insert in SQL of PostgreSQL. */
type Orders = {
  readonly count: number;
  /** How many users have them. */
  readonly users: number;
  readonly merchant: string;
  /** Over which time they were created, up to now. */
  readonly overMs: number;
  /** Open ones are asked about by the schedule; closed ones are not. */
  readonly state: "open" | "closed";
};

/** The id of an order, from 0: 32 hexadecimal digits. */
export const orderIdOf = (order: number): string => order.toString(16).padStart(32, "0");

/** Inserts open orders as `POST /orders` leaves them: each is due as its schedule says for its age. */
export const insertOrders = ({ count, users, merchant, overMs, state }: Orders): string => `
  INSERT INTO orders (user_id, id, kind, item_id, title, catalogue_version, channel, merchant, method, live, amount_minor,
    currency, credits, bonus_credits, priority, refund_rule, state, revision, payable, created_at_ms, expires_at_ms,
    next_check_ms)
  SELECT 'user' || 1 + n % ${users} || '@bench.example', lpad(to_hex(n), 32, '0'), 'pack', 'bench',
    '{"zh":"100 积分","en":"100 credits"}', 1, 'alipay', '${merchant}', 'qr', false, 990, 'CNY', 100, 10, 50, 'unused',
    '${state}', 1, '{"kind":"qr","text":"https://pay.example"}', now_ms - age, now_ms - age + 1800000,
    ${state === "open" ? "now_ms + (random() * CASE WHEN age < 60000 THEN 10000 WHEN age < 300000 THEN 30000 ELSE 300000 END)::bigint" : "NULL"}
  FROM (SELECT n, (n * ${overMs}::bigint / ${count}) AS age, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms
    FROM generate_series(0, ${count - 1}) AS n) AS numbered`;
