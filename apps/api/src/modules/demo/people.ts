import { randomBytes } from "node:crypto";
import type { Role } from "@jifen/contract";
import { type UserId, userId } from "@jifen/core";
import type { Caller } from "../identity/credentials/caller.ts";
import type { Principal } from "../identity/credentials/principal.ts";
import { insertUser } from "../identity/use-cases/insert-user.ts";
import type { World } from "./world.ts";

/** The addresses of users of the demonstration; no mail is ever sent to this domain (RFC 2606). */
export const DEMO_DOMAIN = "@demo.example";

/** A user with a password, which is shown once. */
export type Account = { readonly email: string; readonly role: Role; readonly password: string };

/** A customer, who does so many jobs on a usual day, from this time on. */
export type Customer = { readonly id: UserId; readonly jobsPerDay: number; readonly joinedAtMs: number };

/** The staff of the shop. */
export const staff = {
  admin: userId(`admin${DEMO_DOMAIN}`),
  finance: userId(`finance${DEMO_DOMAIN}`),
  support: userId(`support${DEMO_DOMAIN}`),
} as const;

/** The customer who has a password. */
const customerId = userId(`customer${DEMO_DOMAIN}`);

const INITIAL_CREDITS = 100;
const DAY_MS = 86_400_000;
/** New customers come until so many days before the end. */
const LAST_JOIN_DAYS = 8;

const names = `林薇 王磊 张静 刘洋 陈晨 杨帆 赵敏 黄蕾 周杰 吴迪 徐璐 孙悦 马超 朱琳 胡军 郭靖 何洁 高远 罗兰 郑爽
Emma-Martin Liam-Smith Olivia-Brown Noah-Wilson Ava-Taylor Lucas-Moore Mia-Clark Ethan-Lewis Zoe-Walker Leo-Hall
Ana-Silva Diego-Rojas Yuki-Tanaka Haruto-Sato Minjun-Kim Fatima-Khan Omar-Haddad Ingrid-Berg Lars-Holm`
  .split(/\s/)
  .map((name) => name.replace("-", " "));

/** Customers in the order in which they join. The first is the one with a password. */
export function planCustomers({ random, startMs, untilMs }: Pick<World, "random" | "startMs" | "untilMs">): Customer[] {
  const spanMs = untilMs - startMs - LAST_JOIN_DAYS * DAY_MS;
  const customers = ["Robin", ...names].map((name, at): Customer & { readonly name: string } => {
    const id = at === 0 ? customerId : userId(`user-${String(at).padStart(2, "0")}${DEMO_DOMAIN}`);
    // A few customers do most of the jobs.
    const jobsPerDay = at === 0 ? 2 : 0.15 + 2.5 * random.next() ** 4;
    return {
      id,
      name,
      jobsPerDay,
      joinedAtMs: startMs + (at === 0 ? DAY_MS : Math.floor(spanMs * random.next() ** 1.5)),
    };
  });
  return customers.toSorted((one, other) => one.joinedAtMs - other.joinedAtMs);
}

/** Creates the staff and plans the customers. @returns the users who have a password */
export async function createPeople(world: World, customers: readonly Customer[]): Promise<readonly Account[]> {
  const accounts: Account[] = [
    ...(["admin", "finance", "support"] as const).map((role) => withPassword(staff[role], role)),
    withPassword(customerId, "user"),
  ];
  const hashes = await Promise.all(accounts.map(({ password }) => world.passwords.hash(password)));
  const hashOf = (email: string) => hashes[accounts.findIndex((each) => each.email === email)] ?? null;
  world.agenda.add(world.startMs, async () => {
    for (const { email, role } of accounts.slice(0, -1)) {
      await insertUser(world, { email, role, passwordHash: hashOf(email), initialCredits: 0 }, { by: operator });
    }
  });
  for (const [at, { id, joinedAtMs }] of customers.entries()) {
    const name = id === customerId ? "Robin" : names[at % names.length];
    const data = { email: id, name, role: "user", passwordHash: hashOf(id), initialCredits: INITIAL_CREDITS } as const;
    world.agenda.add(joinedAtMs, () => insertUser(world, data, { by: { actor: "system", requestId: null } }));
  }
  return accounts;
}

const withPassword = (email: string, role: Role): Account => ({
  ...{ email, role },
  password: randomBytes(12).toString("base64url"),
});

const operator = { actor: "operator", requestId: null } as const;

/** A user who is logged in. */
export const callerOf = (id: UserId): Caller => ({
  ...{
    userId: id,
    isNamed: false,
    isNew: false,
    createsUsers: false,
    kind: "user",
    role: "user",
    scopes: null,
    actor: `user:${id}`,
  },
  ...{ session: null, browser: null, key: null },
});

/** A member of staff who is logged in. */
export const staffPrincipal = (role: keyof typeof staff): Principal => ({
  ...{ actor: `user:${staff[role]}`, requestId: null, userId: staff[role], role, scopes: null, key: null },
});
