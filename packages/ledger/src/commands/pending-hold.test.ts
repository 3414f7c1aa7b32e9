import type { Holder, Owner } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { annInPerson, annsService, capture, extend, key, refusalOf, release, shop } from "../../test/commands.ts";
import { createPendingHold } from "../../test/pending-hold.ts";
import type { ReleaseHold } from "./release.ts";

/** A ledger whose pending hold was placed by `placedBy`. */
function ledgerWithHoldOf(placedBy: Holder) {
  const { ledger, id } = createPendingHold();
  const placed = ledger.holds.get(id);
  if (placed) ledger.holds.set(id, { ...placed, placedBy });
  return { ledger, id };
}

type Case = {
  readonly placedBy: Holder;
  readonly by: Owner;
  readonly resolvesUnowned?: boolean;
  readonly isAllowed: boolean;
  readonly says: string;
};

const cases: readonly Case[] = [
  { placedBy: shop, by: shop, isAllowed: true, says: "the service that placed it resolves it" },
  { placedBy: shop, by: annsService, isAllowed: false, says: "a user's own key cannot resolve a hold of the shop" },
  { placedBy: shop, by: annInPerson, isAllowed: false, says: "a user in person cannot resolve a hold of the shop" },
  { placedBy: annsService, by: shop, isAllowed: false, says: "the shop cannot resolve a hold of a user's own key" },
  { placedBy: annsService, by: annsService, isAllowed: true, says: "a user's own key resolves what it placed" },
  {
    placedBy: annInPerson,
    by: annInPerson,
    isAllowed: true,
    says: "a user in person resolves what was placed in person",
  },
  { placedBy: annInPerson, by: annsService, isAllowed: false, says: "a user's key cannot resolve a hold in person" },
  { placedBy: "service", by: shop, isAllowed: true, says: "a service resolves a hold of a service without an owner" },
  { placedBy: "user", by: annInPerson, isAllowed: true, says: "a user resolves a hold of a user without an owner" },
  { placedBy: "user", by: shop, isAllowed: false, says: "a service cannot resolve a hold of a user without an owner" },
  {
    placedBy: "service",
    by: annInPerson,
    isAllowed: false,
    says: "a user cannot resolve a hold of a service without one",
  },
  {
    ...{ placedBy: "service", by: annsService, resolvesUnowned: false, isAllowed: false },
    says: "a key that must not cannot resolve a hold of a service without an owner",
  },
];

describe("the owner of a hold", () => {
  test.each([shop, annsService, annInPerson, "service", "user"] as const)("staff releases a hold of %s", (placedBy) => {
    const { ledger, id } = ledgerWithHoldOf(placedBy);
    const command = release(id, { by: "staff", idempotencyKey: key("k") } as Partial<ReleaseHold>);
    expect(refusalOf(ledger.run(command))).toBeUndefined();
    expect(ledger.holds.get(id)).toMatchObject({ state: "released", released: 50 });
    expect(ledger.run(command)).toMatchObject({ ok: true, value: { replayed: true } });
    // The key stands for an act of staff: a caller with the same key did not ask for it.
    const byOwner = release(id, { by: shop, idempotencyKey: key("k") } as Partial<ReleaseHold>);
    expect(refusalOf(ledger.run(byOwner))).toEqual({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  test.each(cases)("$says", ({ placedBy, by, resolvesUnowned = true, isAllowed }) => {
    const caller = { by, resolvesUnowned };
    for (const command of [
      (id: Parameters<typeof release>[0]) => extend(id, 600, caller),
      (id: Parameters<typeof release>[0]) => capture(id, 1, caller),
      (id: Parameters<typeof release>[0]) => release(id, caller),
    ]) {
      const { ledger, id } = ledgerWithHoldOf(placedBy);
      expect(refusalOf(ledger.run(command(id)))).toEqual(isAllowed ? undefined : { code: "FORBIDDEN" });
    }
  });
});
