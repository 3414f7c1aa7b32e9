import type { Scratch } from "./scratch.ts";
import { emailOf, GRANTED, USERS } from "./workload.ts";

const PASSWORD = "bench-password";
/** PASSWORD by bcrypt at its lowest cost: ten thousand logins at the start are not what is measured here. */
const QUICK_HASH = "$2b$04$PIM5nrBK00Brlu188LQNTemjh1MZCnvKOcuep3UTM1u4MLYc/WWs.";
/** PASSWORD at the cost that the server itself uses. */
const REAL_HASH = "$2b$12$G17NRCj.aM3pA94pEQb91elR4jCY65s39aUkEkVajv5WM74Ei71sS";
/** A user without an account whose password is hashed as the server does it. */
export const SLOW_USER = "slow@bench.example";
/** The server lets twenty passwords wait for each thread that checks them. */
const LOGINS_AT_ONCE = 16;

const forEveryUser = (insert: string, select: string) => `
  INSERT INTO ${insert}
  WITH RECURSIVE users_to_make (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM users_to_make WHERE i < ${USERS})
  SELECT ${select} FROM users_to_make`;

const email = "'user' || i || '@bench.example'";

/** The id of account `i`, in SQL. */
export const ACCOUNT = `'user:' || ${email}`;

/** Makes the users as the server would: a user, an account, a grant, and the transaction that gave it. */
export async function populate({ query }: Scratch): Promise<void> {
  const users = "users (id, email, name, password_hash, created_at_ms)";
  await query(forEveryUser(users, `${email}, ${email}, 'user' || i, '${QUICK_HASH}', 0`));
  await query(`INSERT INTO ${users} VALUES ('${SLOW_USER}', '${SLOW_USER}', 'slow', '${REAL_HASH}', 0)`);
  await query(forEveryUser("accounts (id, balance, held, sequence)", `${ACCOUNT}, ${GRANTED}, 0, 1`));
  await query(
    forEveryUser(
      "grants (account_id, id, source, amount, remaining, priority, created_at_ms)",
      `${ACCOUNT}, 'grant-' || i, 'initial', ${GRANTED}, ${GRANTED}, 50, 0`,
    ),
  );
  await query(
    forEveryUser(
      `transactions (account_id, sequence, id, idempotency_key, kind, amount, action, debit, credit,
         balance_after, held_after, shares, lapsed, created_at_ms)`,
      `${ACCOUNT}, 1, 'txn-' || i, 'system:initial', 'grant', ${GRANTED}, 'initial', 'system:issued', ${ACCOUNT},
         ${GRANTED}, 0, '[{"grantId":"grant-' || i || '","amount":${GRANTED}}]', 0, 0`,
    ),
  );
}

/** The tokens of all users, the hot account's first. */
export type Tokens = readonly [string, ...string[]];

/** Logs every user in. */
export async function logInEverybody(url: string): Promise<Tokens> {
  const tokens: [string, ...string[]] = [await logIn(url, emailOf(1))];
  for (let from = 2; from <= USERS; from += LOGINS_AT_ONCE) {
    const users = Array.from({ length: Math.min(LOGINS_AT_ONCE, USERS - from + 1) }, (_, index) => from + index);
    tokens.push(...(await Promise.all(users.map((user) => logIn(url, emailOf(user))))));
  }
  return tokens;
}

async function logIn(url: string, email: string): Promise<string> {
  const response = await askForLogin(url, email);
  if (response.status !== 200) throw new Error(`login answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** One POST /auth/login. */
export const askForLogin = (url: string, email: string): Promise<Response> =>
  fetch(`${url}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
