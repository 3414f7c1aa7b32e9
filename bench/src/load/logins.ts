import { setTimeout } from "node:timers/promises";
import { emailOf, USERS } from "../workload.ts";
import type { Tokens } from "./requests.ts";

const PASSWORD = "bench-password";
/** PASSWORD by bcrypt at its lowest cost: ten thousand logins before the measurement should not take long. */
const QUICK_HASH = "$2b$04$PIM5nrBK00Brlu188LQNTemjh1MZCnvKOcuep3UTM1u4MLYc/WWs.";
/** PASSWORD at the cost that the server uses. */
const REAL_HASH = "$2b$12$G17NRCj.aM3pA94pEQb91elR4jCY65s39aUkEkVajv5WM74Ei71sS";
/** A user without an account, whose password has the cost that the server uses. */
const SLOW_USER = "slow@bench.example";
/** Inserts all users, in SQL. */
export const insertUsers = `
  INSERT INTO users (id, email, name, password_hash, created_at_ms)
  WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${USERS})
  SELECT 'user' || i || '@bench.example', 'user' || i || '@bench.example', 'user' || i, '${QUICK_HASH}', 0 FROM numbers
  UNION ALL SELECT '${SLOW_USER}', '${SLOW_USER}', 'slow', '${REAL_HASH}', 0`;

/** The server accepts twenty waiting passwords for each of its hashing threads. */
const CONCURRENT_LOGINS = 16;

const sendLogin = (url: string, email: string): Promise<Response> =>
  fetch(`${url}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });

/** Logs users in, all of them or the first ones. */
export async function logInAll(url: string, count = USERS): Promise<Tokens> {
  const tokens: [string, ...string[]] = [await logIn(url, emailOf(1))];
  for (let from = 2; from <= count; from += CONCURRENT_LOGINS) {
    const users = Array.from({ length: Math.min(CONCURRENT_LOGINS, count - from + 1) }, (_, index) => from + index);
    tokens.push(...(await Promise.all(users.map((user) => logIn(url, emailOf(user))))));
  }
  return tokens;
}

async function logIn(url: string, email: string): Promise<string> {
  const response = await sendLogin(url, email);
  if (response.status !== 200) throw new Error(`login answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** What `work` returned, how many logins were sent, and how many answers had which status. */
type WithLogins<Result> = {
  readonly result: Result;
  readonly sent: number;
  readonly statuses: ReadonlyMap<number, number>;
};

const TICK_MS = 5;

/** Sends logins at a fixed rate, answered or not, while `work` runs. Resolves when every login has been answered. */
export async function withLogins<Result>(
  { url, perSecond }: { readonly url: string; readonly perSecond: number },
  work: () => Promise<Result>,
): Promise<WithLogins<Result>> {
  const statuses = new Map<number, number>();
  const sent: Promise<void>[] = [];
  const sendOne = async () => {
    const response = await sendLogin(url, SLOW_USER);
    await response.arrayBuffer();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  };
  let isRunning = true;
  const running = work().finally(() => {
    isRunning = false;
  });
  const beganMs = performance.now();
  while (isRunning) {
    const due = Math.floor(((performance.now() - beganMs) / 1_000) * perSecond);
    while (sent.length < due) sent.push(sendOne());
    await setTimeout(TICK_MS);
  }
  await Promise.all(sent);
  return { result: await running, sent: sent.length, statuses };
}
