import { randomUUID } from "node:crypto";
import { accountOf, ok, type UserId } from "@jifen/core";
import { expect } from "vitest";
import { type NewWebhookEndpoint, type OutgoingEvent, outgoingEventRow } from "../src/index.ts";
import { done, firstGrantOf, granting, perform } from "./commands.ts";
import { newEvent, newUser } from "./samples.ts";
import type { useDatabase } from "./use-database.ts";

export const NOW_MS = 1_700_000_000_000;

/** Makes owners, endpoints and events in a database. */
export function webhookRows(here: ReturnType<typeof useDatabase>) {
  const webhooks = () => here.database.webhooks;
  const newOwner = async () => {
    const user = newUser();
    await here.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
    return user.id;
  };
  const create = async (ownerId: UserId, endpoint: Partial<NewWebhookEndpoint> = {}) => {
    const made = {
      ...{ ownerId, id: `endpoint-${randomUUID()}`, url: "https://example.com/积", events: ["code.redeemed"] },
      ...{ allUsers: false, secret: "whsec_a", createdBy: `user:${ownerId}`, createdAtMs: NOW_MS },
      ...endpoint,
    };
    expect(await webhooks().create(made, 50, newEvent())).toEqual(ok(undefined));
    return made;
  };
  /** Writes an event in the transaction of a grant. */
  const happen = async (userId: UserId, event: Partial<OutgoingEvent> = {}): Promise<OutgoingEvent> => {
    const made = {
      userId,
      id: `evt-${randomUUID()}`,
      type: "code.redeemed",
      data: '{"a":"积"}',
      createdAtMs: NOW_MS,
      ...event,
    };
    const extra = () => ({ rows: [outgoingEventRow(made)] });
    done(await perform(here.database.ledger, { ...granting(accountOf(userId), 1), extra }));
    return made;
  };
  const fanOutAll = async () => {
    while ((await webhooks().fanOut(NOW_MS, 100)) === 100);
  };
  const deliveriesOf = ({ ownerId, id }: Pick<NewWebhookEndpoint, "ownerId" | "id">) =>
    webhooks().deliveries(ownerId, id, { limit: 100 });
  return { newOwner, create, happen, fanOutAll, deliveriesOf };
}

/** Owners, endpoints and events. */
export type WebhookRows = ReturnType<typeof webhookRows>;
