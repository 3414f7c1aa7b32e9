import { accountOf, credits, grantId, type UserId, userId } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import { bySystem } from "@jifen/ledger";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { createIds } from "../src/values/ids.ts";

/** Creates accounts with many ledger entries, so that transferring them takes a while. */
export async function createBulkEntries(
  url: string,
  { accounts, each }: { accounts: number; each: number },
): Promise<void> {
  const database = await openDatabase(url);
  const newId = createIds(Date.now);
  const ledger = openLedger(database, newId);
  const ids: readonly UserId[] = Array.from({ length: accounts }, (_, at) => userId(`busy-${at}@example.com`));
  await Promise.all(
    ids.map(async (id) => {
      const base = {
        ...bySystem,
        accountId: accountOf(id),
        amount: credits(1_000_000_000_000),
        source: "purchase",
      } as const;
      await ledger.grant({
        ...base,
        grantId: grantId(newId("grant")),
        priority: 50,
        expiresAtMs: null,
        reason: "bulk",
      });
    }),
  );
  for (let n = 0; n < each; n += 20) {
    const spending = ids.flatMap((id) =>
      Array.from({ length: Math.min(20, each - n) }, () =>
        ledger.consume({
          ...bySystem,
          accountId: accountOf(id),
          amount: credits(1),
          action: "视频 🎬",
          metadata: null,
        }),
      ),
    );
    await Promise.all(spending);
  }
  await database.close();
}
