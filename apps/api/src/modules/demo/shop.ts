import type { JsonObject } from "@jifen/contract";
import { type Outcome, userId } from "@jifen/core";
import { createCatalogue } from "../billing/use-cases/create-catalogue.ts";
import { makeCodes } from "../billing/use-cases/make-codes.ts";
import { publishCatalogue } from "../billing/use-cases/publish-catalogue.ts";
import { redeemCode } from "../billing/use-cases/redeem-code.ts";
import { grantCredits } from "../credits/use-cases/grant-credits.ts";
import { revokeCredits } from "../credits/use-cases/revoke-credits.ts";
import { principalOf } from "../identity/credentials/principal.ts";
import { createKey } from "../identity/use-cases/create-key.ts";
import { setPriceGroup } from "../identity/use-cases/set-price-group.ts";
import { suspendUser } from "../identity/use-cases/suspend-user.ts";
import { draftCatalogue, firstCatalogue, secondCatalogue } from "./catalogue.ts";
import { addEndpoint, planDelivery } from "./deliveries.ts";
import { type Customer, callerOf, staff, staffPrincipal } from "./people.ts";
import type { World } from "./world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The value of an act that the rules must allow. */
function done<Value>(outcome: Outcome<Value, { readonly code: string }>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`an act of the demonstration was refused: ${JSON.stringify(outcome.refusal)}`);
}

/** What staff does in the history. */
export function planShop(world: World, customers: readonly Customer[]): void {
  const { agenda, startMs, untilMs } = world;
  agenda.add(startMs + HOUR_MS, async () => {
    await publish(world, firstCatalogue, "opening");
    await createKeys(world);
    await addEndpoint(world);
  });
  agenda.add(untilMs - 20 * DAY_MS, () => publish(world, secondCatalogue, "speech, and a cheaper kling-pro"));
  agenda.add(untilMs - DAY_MS, () =>
    createCatalogue(world, { document: draftCatalogue, note: "more for vip" }, staffPrincipal("admin")),
  );
  agenda.add(startMs + 25 * DAY_MS, () => giveCodes(world, customers));
  planGifts(world, customers);
}

async function publish(world: World, document: JsonObject, reason: string): Promise<void> {
  const by = staffPrincipal("admin");
  const { version } = done(await createCatalogue(world, { document, note: reason }, by));
  done(await publishCatalogue(world, { version, effectiveFromMs: undefined, reason }, by));
}

async function createKeys(world: World): Promise<void> {
  const by = staffPrincipal("admin");
  const key = { ownerId: staff.admin, expiresAtMs: null };
  const backend = ["credits:read", "credits:spend", "logs:write", "act-as"] as const;
  done(await createKey(world, { ...key, name: "site backend", scopes: backend }, by));
  const expiresAtMs = world.untilMs + 9 * DAY_MS;
  done(await createKey(world, { ...key, name: "nightly report", scopes: ["credits:read"], expiresAtMs }, by));
}

/** Makes codes, of which some are redeemed in the weeks after. */
async function giveCodes(world: World, customers: readonly Customer[]): Promise<void> {
  const { agenda, random } = world;
  const terms = { credits: 50, validDays: 60, priority: 40, source: "code", maxUsesPerCode: 1, maxPerUser: 1 } as const;
  const by = staffPrincipal("finance");
  const made = done(await makeCodes(world, { ...terms, name: "Spring campaign", codes: 30, reason: "campaign" }, by));
  const vip = { ...terms, name: "For regulars", codes: 10, priceGroup: "vip", reason: "thank you" };
  done(await makeCodes(world, vip, by));
  const present = customers.filter(({ joinedAtMs }) => joinedAtMs < world.nowMs());
  for (const [at, { id }] of present.entries()) {
    const code = made.codes[at];
    if (code === undefined || !random.chance(0.6)) continue;
    agenda.add(world.nowMs() + random.between(1, 30 * 24) * HOUR_MS, async () => {
      const redemption = { userId: id, code, address: undefined };
      done(await redeemCode({ ...world, codeLimits }, redemption, principalOf(callerOf(id), world.newId("event"))));
      planDelivery(world, 0);
    });
  }
}

/** No customer guesses codes. */
const codeLimits = { retryAfter: async () => undefined, failed: async () => undefined };

/** Gifts by hand, one that was too much, regulars, and a user who is suspended. */
function planGifts(world: World, customers: readonly Customer[]): void {
  const { agenda, untilMs, random } = world;
  const [regular, other, generous, suspended, ...more] = customers;
  if (!regular || !other || !generous || !suspended) return;
  for (const { id } of [regular, other]) {
    const change = { userId: id, priceGroup: "vip", reason: "a regular customer" };
    agenda.add(untilMs - 18 * DAY_MS, () => setPriceGroup(world, change, staffPrincipal("admin")).then(done));
  }
  const gift = (id: Customer["id"], amount: number, reason: string) =>
    grantCredits(
      world,
      { userId: id, amount, source: "bonus", priority: 30, reason, expiresAt: undefined },
      staffPrincipal("finance"),
    ).then(done);
  for (const { id, joinedAtMs } of more.slice(0, 10)) {
    const atMs = joinedAtMs + random.between(1, 5 * 24) * HOUR_MS;
    agenda.add(atMs, () => gift(id, random.pick([20, 50, 80]), random.pick(["sorry for the wait", "beta tester"])));
  }
  agenda.add(untilMs - 12 * DAY_MS, () => gift(generous.id, 500, "typing error"));
  agenda.add(untilMs - 12 * DAY_MS + HOUR_MS, () =>
    revokeCredits(
      world,
      { userId: generous.id, amount: 450, atMost: true, reason: "50 was meant, not 500" },
      staffPrincipal("finance"),
    ).then(done),
  );
  const target = { userId: userId(suspended.id), reason: "shared the account" };
  agenda.add(untilMs - 2 * HOUR_MS, () => suspendUser(world, target, staffPrincipal("admin")).then(done));
}
