import type { DatabaseKind, RestAnswer } from "@jifen/testkit";
import { expect } from "vitest";
import { other, type Server, startServer, user } from "./start-server.ts";

/** The person who may give credits, take them away and refund. */
export const admin = { email: "admin@example.com", password: "password789" };

const people = { user, other, admin };

/** Somebody with a token. */
type Who = keyof typeof people;

type Sent = { readonly as?: Who; readonly key?: string };

/** A grant as a test gives it. */
type GrantInput = {
  readonly amount: number;
  readonly priority?: number;
  /** How long it lives. */
  readonly livesMs?: number;
  readonly source?: string;
};

/** A server with an admin, and what tests of money do with it, as `user` unless they say otherwise. */
export type ApiWithAdmin = {
  readonly server: Server;
  readonly tokens: Readonly<Record<Who, string>>;
  get(path: string, as?: Who): Promise<RestAnswer>;
  post(path: string, body: object, sent?: Sent): Promise<RestAnswer>;
  /** Sends it with a key, moves the balance, and sends it again: the answers must be the same. @returns the first. */
  once(path: string, body: object, as?: Who): Promise<RestAnswer>;
  balance(as?: Who): Promise<{ balance: number; held: number; expiring: unknown }>;
  /** Takes away what `user` can spend, and gives this instead. @returns the ids of the grants. */
  fund(...grants: readonly GrantInput[]): Promise<readonly string[]>;
};

let keys = 0;
/** A key that no test has used. */
export const newKey = (): string => `key-${++keys}`;

/** An ISO time, this far from now. */
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Where `user` is given credits, and where they are taken away. */
export const grantsOf = (email: string): string => `/admin/users/${encodeURIComponent(email)}/grants`;
export const revocationsOf = (email: string): string => `/admin/users/${encodeURIComponent(email)}/revocations`;

/** Starts the server and logs everybody in. */
export async function startApiWithAdmin(kind: DatabaseKind, env: Record<string, string> = {}): Promise<ApiWithAdmin> {
  const list = Object.values(people).map(({ email, password }) => `${email}:${password}`);
  const server = await startServer(kind, { USER_WHITELIST: list.join(","), ADMIN_EMAILS: admin.email, ...env });
  const [forUser, forOther, forAdmin] = await Promise.all([user, other, admin].map((one) => server.token(one)));
  const tokens = { user: `${forUser}`, other: `${forOther}`, admin: `${forAdmin}` };

  const get: ApiWithAdmin["get"] = (path, as = "user") => server.call("GET", path, { token: tokens[as] });
  const post: ApiWithAdmin["post"] = (path, body, { as = "user", key } = {}) =>
    server.call("POST", path, {
      token: tokens[as],
      body,
      ...(key === undefined ? {} : { headers: { "idempotency-key": key } }),
    });
  const give = async ({ livesMs, ...grant }: GrantInput) => {
    const expiry = livesMs === undefined ? {} : { expiresAt: inMs(livesMs) };
    const { status, body } = await post(grantsOf(user.email), { reason: "test", ...grant, ...expiry }, { as: "admin" });
    expect({ status, body }).toMatchObject({ status: 200 });
    return body.grantId as string;
  };
  const balance: ApiWithAdmin["balance"] = async (as = "user") => (await get("/credits/balance", as)).body;

  return {
    server,
    tokens,
    get,
    post,
    balance,
    once: async (path, body, as = "user") => {
      const key = newKey();
      const first = await post(path, body, { as, key });
      expect(first.headers.get("idempotency-replayed")).toBeNull();
      await give({ amount: 1 });
      const again = await post(path, { ...body, idempotencyKey: key }, { as });
      expect(again).toMatchObject({ status: first.status, body: first.body });
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      return first;
    },
    fund: async (...grants) => {
      const { balance: left } = await balance();
      if (left > 0) await post(revocationsOf(user.email), { amount: left, reason: "test" }, { as: "admin" });
      const ids: string[] = [];
      for (const grant of grants) ids.push(await give(grant));
      return ids;
    },
  };
}

/** Waits for time to end something. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
