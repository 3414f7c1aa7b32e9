import type { operations, Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { WebhookEndpoint } from "@jifen/database";
import type { z } from "zod";
import { toAuditEvent } from "../../audit/audit-event.ts";
import { ownUserId, type Principal } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { areAddressesAllowed } from "../send.ts";
import { limit } from "./limit.ts";
import { networksOf } from "./networks-of.ts";
import { newSecret } from "./new-secret.ts";

/** Endpoints of one owner that have not ended. */
const MAX_ENDPOINTS = 10;

type Request = z.output<typeof operations.webhooks.create.input>;
type CreateRefusal = Refusal<
  "FORBIDDEN" | "RATE_LIMITED" | "ADDRESS_NOT_ALLOWED" | "ENDPOINT_LIMIT" | "USER_NOT_FOUND"
>;

/**
 * Creates an endpoint of the principal's own user.
 * Refuses, in this order: USER_NOT_FOUND, FORBIDDEN (the events of all users), RATE_LIMITED, ENDPOINT_LIMIT,
 * ADDRESS_NOT_ALLOWED.
 */
export async function createEndpoint(
  deps: Deps,
  { url, events, allUsers }: Request,
  by: Principal,
): Promise<Outcome<WebhookEndpoint, CreateRefusal>> {
  const ownerId = ownUserId(by);
  if (ownerId === null) return refuse({ code: "USER_NOT_FOUND" });
  if (allUsers && by.role !== "admin")
    return refuse({ code: "FORBIDDEN", missing: "role", roles: ["admin"], scope: "admin" });
  const limited = await limit(deps, ownerId);
  if (limited) return limited;
  // The database decides below: this spares the look-up of a host.
  const { length } = await deps.database.webhooks.endpoints(ownerId);
  if (length >= MAX_ENDPOINTS) return refuse({ code: "ENDPOINT_LIMIT", limit: MAX_ENDPOINTS });
  // A name that is unknown now can become known: the address counts when it is connected to.
  const networks = networksOf(deps, await deps.userCache.find(ownerId));
  const isAllowed = await areAddressesAllowed(url, { networks, resolveHost: deps.resolveHost });
  if (isAllowed === false) return refuse({ code: "ADDRESS_NOT_ALLOWED" });
  const id = deps.newId("endpoint");
  const endpoint = {
    ...{ ownerId, id, url, events, allUsers, secret: newSecret() },
    ...{ createdBy: by.actor, createdAtMs: deps.nowMs() },
  };
  const details = { owner: ownerId, host: new URL(url).host, events, allUsers };
  const event = toAuditEvent(deps, by, { action: "webhooks.create", subject: `endpoint:${id}`, details });
  const created = await deps.database.webhooks.create(endpoint, MAX_ENDPOINTS, event);
  const untouched = {
    previousSecret: null,
    previousUntilMs: null,
    state: "active",
    reason: null,
    failures: 0,
    failingSinceMs: null,
    nextProbeMs: null,
  } as const;
  return created.ok ? ok({ ...endpoint, ...untouched }) : created;
}
