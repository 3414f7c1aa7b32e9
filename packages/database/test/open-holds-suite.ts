import { holdId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { idBound } from "../src/index.ts";
import { capturing, granting, holding, newAccount, perform, releasing } from "./commands.ts";
import { times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const HOUR_MS = 3_600_000;

/** The lists of open holds of all accounts on every database. */
export function describeOpenHolds(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const ledger = () => here.database.ledger;

  describe("open holds", () => {
    test("open holds of all accounts are read oldest first, in pages, and by age and expiry", async () => {
      const [ann, bob] = [newAccount(), newAccount()];
      for (const account of [ann, bob]) await perform(ledger(), granting(account, 100));
      const now = Date.now();
      const ids = times(6, (n) => holdId(`${idBound(now - (6 - n) * HOUR_MS, "hold")}-7000-8000-${Math.random()}`));
      for (const [n, id] of ids.entries()) {
        const command = { ...holding(n % 2 === 0 ? ann : bob, 5), holdId: id, ttlSeconds: n === 4 ? 60 : 7_200 };
        expect(await perform(ledger(), command)).toMatchObject({ ok: true });
      }
      await perform(ledger(), releasing(ann, ids[0] as (typeof ids)[number]));
      await perform(ledger(), capturing(bob, ids[1] as (typeof ids)[number], 2));

      const pagesOf = async (placedBeforeMs: number, expiringAfterMs: number) => {
        const found: number[] = [];
        for (let before: ReturnType<typeof holdId> | undefined; ; ) {
          const filter = { placedBeforeMs, expiringAfterMs };
          const page = await here.database.history.openHolds(filter, { limit: 1, before });
          before = page[0]?.id;
          if (before === undefined) return found;
          if (ids.includes(before)) found.push(ids.indexOf(before));
        }
      };
      expect(await pagesOf(now, now)).toEqual([2, 3, 4, 5]);
      expect(await pagesOf(now - 3 * HOUR_MS, now)).toEqual([2]);
      expect(await pagesOf(now, now + HOUR_MS)).toEqual([2, 3, 5]);
    });
  });
}
