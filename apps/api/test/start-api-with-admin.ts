import type { DatabaseKind, RestAnswer } from "@jifen/testkit";
import { expect } from "vitest";
import { other, type Server, startServer, user } from "./start-server.ts";

/** An admin by ADMIN_EMAILS. */
export const admin = { email: "admin@example.com", password: "password789" };

const testUsers = { user, other, admin };

/** The name of a test user. */
type TestUser = keyof typeof testUsers;

type PostOptions = { readonly as?: TestUser; readonly key?: string };

/** A grant to create. */
type GrantInput = {
  readonly amount: number;
  readonly priority?: number;
  /** Expires after this time. */
  readonly livesMs?: number;
  readonly source?: string;
};

/** A server with an admin, and calls of it, as `user` unless `as` names another test user. */
export type ApiWithAdmin = {
  readonly server: Server;
  readonly tokens: Readonly<Record<TestUser, string>>;
  get(path: string, as?: TestUser): Promise<RestAnswer>;
  post(path: string, body: object, options?: PostOptions): Promise<RestAnswer>;
  /**
   * Posts with an idempotency key, changes the balance, and posts again: the second response must repeat the first.
   * @returns the first response.
   */
  postTwice(path: string, body: object, as?: TestUser): Promise<RestAnswer>;
  balance(as?: TestUser): Promise<{ balance: number; held: number; expiring: unknown }>;
  /** Revokes the balance of `user` and creates these grants instead. @returns the ids of the grants. */
  fund(...grants: readonly GrantInput[]): Promise<readonly string[]>;
};

let keys = 0;
/** An idempotency key that no test has used. */
export const newKey = (): string => `key-${++keys}`;

/** An ISO time, this far from now. */
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** The paths of grants and revocations of a user. */
export const grantsOf = (email: string): string => `/admin/users/${encodeURIComponent(email)}/grants`;
export const revocationsOf = (email: string): string => `/admin/users/${encodeURIComponent(email)}/revocations`;

/** Starts the server and logs in every test user. */
export async function startApiWithAdmin(kind: DatabaseKind, env: Record<string, string> = {}): Promise<ApiWithAdmin> {
  const list = Object.values(testUsers).map(({ email, password }) => `${email}:${password}`);
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
  const createGrant = async ({ livesMs, ...grant }: GrantInput) => {
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
    postTwice: async (path, body, as = "user") => {
      const key = newKey();
      const first = await post(path, body, { as, key });
      expect(first.headers.get("idempotency-replayed")).toBeNull();
      await createGrant({ amount: 1 });
      const again = await post(path, { ...body, idempotencyKey: key }, { as });
      expect(again).toMatchObject({ status: first.status, body: first.body });
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      return first;
    },
    fund: async (...grants) => {
      const { balance: left } = await balance();
      if (left > 0) await post(revocationsOf(user.email), { amount: left, reason: "test" }, { as: "admin" });
      const ids: string[] = [];
      for (const grant of grants) ids.push(await createGrant(grant));
      return ids;
    },
  };
}

/** Waits until something expires. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
