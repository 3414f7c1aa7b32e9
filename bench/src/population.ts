import type { Scratch } from "./scratch.ts";

/** How many users there are, each with an account; the first one is the hot account. */
export const USERS = 10_000;
/** What each has: more than a run can spend. */
export const GRANTED = 1_000_000_000;

const PASSWORD = "bench-password";
/** PASSWORD by bcrypt at its lowest cost: ten thousand logins are not what is measured here. */
const PASSWORD_HASH = "$2b$04$PIM5nrBK00Brlu188LQNTemjh1MZCnvKOcuep3UTM1u4MLYc/WWs.";
/** The server lets twenty passwords wait for each thread that checks them. */
const LOGINS_AT_ONCE = 16;

const emailOf = (user: number) => `user${user}@bench.example`;

const forEveryUser = (insert: string, select: string) => `
  INSERT INTO ${insert}
  WITH RECURSIVE users_to_make (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM users_to_make WHERE i < ${USERS})
  SELECT ${select} FROM users_to_make`;

const email = "'user' || i || '@bench.example'";
const account = `'user:' || ${email}`;

/** Makes the users as the server would: a user, an account, a grant, and the transaction that gave it. */
export async function populate({ query }: Scratch): Promise<void> {
  await query(
    forEveryUser(
      "users (id, email, name, password_hash, created_at_ms)",
      `${email}, ${email}, 'user' || i, '${PASSWORD_HASH}', 0`,
    ),
  );
  await query(forEveryUser("accounts (id, balance, held, sequence)", `${account}, ${GRANTED}, 0, 1`));
  await query(
    forEveryUser(
      "grants (account_id, id, source, amount, remaining, priority, created_at_ms)",
      `${account}, 'grant-' || i, 'initial', ${GRANTED}, ${GRANTED}, 50, 0`,
    ),
  );
  await query(
    forEveryUser(
      `transactions (account_id, sequence, id, idempotency_key, kind, amount, action, debit, credit,
         balance_after, held_after, shares, created_at_ms)`,
      `${account}, 1, 'txn-' || i, 'system:initial', 'grant', ${GRANTED}, 'initial', 'system:issued', ${account},
         ${GRANTED}, 0, '[{"grantId":"grant-' || i || '","amount":${GRANTED}}]', 0`,
    ),
  );
}

/** Logs every user in. @returns their tokens, the hot account's first */
export async function logInEverybody(url: string): Promise<[string, ...string[]]> {
  const tokens: [string, ...string[]] = [await logIn(url, emailOf(1))];
  for (let from = 2; from <= USERS; from += LOGINS_AT_ONCE) {
    const users = Array.from({ length: Math.min(LOGINS_AT_ONCE, USERS - from + 1) }, (_, index) => from + index);
    tokens.push(...(await Promise.all(users.map((user) => logIn(url, emailOf(user))))));
  }
  return tokens;
}

async function logIn(url: string, address: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: address, password: PASSWORD }),
  });
  if (response.status !== 200) throw new Error(`login answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}
