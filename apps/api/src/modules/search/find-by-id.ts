import { grantId, holdId, transactionId, userOf } from "@jifen/core";
import type { Deps } from "./deps.ts";

/** Something that an id names. */
type Named = {
  readonly kind: "transaction" | "hold" | "grant" | "log" | "order" | "key";
  readonly id: string;
  readonly userId: string | null;
  readonly label: string;
};

const TRANSACTION = /^txn-[0-9a-f-]{1,60}$/;
const HOLD = /^hold-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/;
const GRANT = /^grant-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/;
const LOG = /^log-[0-9a-f-]{36}$/;
const ORDER = /^[0-9a-f]{32}$/;
const KEY = /^(?:key:|jf_live_)?([0-9A-Za-z]{12})/;

/** What an id names, by the shape of the id: at most one thing. */
export async function findById({ database }: Deps, text: string, isAdmin: boolean): Promise<readonly Named[]> {
  if (TRANSACTION.test(text)) {
    const entry = await database.history.entry(transactionId(text));
    const label = entry?.kind ?? "";
    return entry ? [{ kind: "transaction", id: entry.id, userId: userOf(entry.accountId) ?? null, label }] : [];
  }
  if (HOLD.test(text)) return findHold(database, text);
  if (GRANT.test(text)) return findGrant(database, text);
  if (LOG.test(text)) {
    const log = await database.logs.find(text);
    return log ? [{ kind: "log", id: log.id, userId: log.userId, label: log.action }] : [];
  }
  if (ORDER.test(text)) {
    const order = await database.orders.findById(text);
    return order ? [{ kind: "order", id: order.id, userId: order.userId, label: order.state }] : [];
  }
  const keyId = isAdmin ? KEY.exec(text)?.[1] : undefined;
  if (keyId === undefined) return [];
  const [key] = await database.keys.findMany([keyId]);
  return key ? [{ kind: "key", id: key.id, userId: key.ownerId, label: key.name }] : [];
}

async function findHold({ history }: Deps["database"], text: string): Promise<readonly Named[]> {
  const id = holdId(text);
  const accountId = await history.accountOfReference(id);
  const hold = accountId && (await history.hold(accountId, id));
  return hold ? [{ kind: "hold", id, userId: userOf(hold.accountId) ?? null, label: hold.action }] : [];
}

async function findGrant({ history }: Deps["database"], text: string): Promise<readonly Named[]> {
  const id = grantId(text);
  const accountId = await history.accountOfReference(id);
  const [grant] = accountId ? await history.grantsById(accountId, [id]) : [];
  return grant ? [{ kind: "grant", id, userId: userOf(grant.accountId) ?? null, label: grant.source }] : [];
}
