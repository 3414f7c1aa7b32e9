import { openDatabase } from "@jifen/database";

/** A pack as the clients know it: they count credits by themselves. */
export type Pack = { readonly id: string; readonly credits: number; readonly bonusCredits: number };

/** The packs that the clients buy. Refunds of parts must round: prices and credits have no common divisor. */
export const packs: readonly (Pack & { readonly minor: number })[] = [
  { id: "p100", credits: 100, bonusCredits: 10, minor: 990 },
  { id: "p7", credits: 7, bonusCredits: 0, minor: 70 },
  { id: "p1001", credits: 1_001, bonusCredits: 333, minor: 4_999 },
];

const document = JSON.stringify({
  actions: [],
  multipliers: [],
  packs: packs.map(({ minor, ...pack }) => ({
    ...pack,
    ...{ title: { zh: `${pack.credits} 积分`, en: `${pack.credits} credits` }, priority: 50, refund: "unused" },
    ...{ validDays: null, bonusValidDays: 90 },
    prices: [
      { currency: "CNY", minor },
      { currency: "USD", minor },
    ],
  })),
});

/** Publishes the packs. They are in force at once, which the API does not allow. */
export async function publishPacks(databaseUrl: string): Promise<void> {
  const database = await openDatabase(databaseUrl);
  const event = (action: string) => ({
    ...{ id: `event-${action}`, atMs: 1, actor: "operator", action: `catalogues.${action}` },
    ...{ subject: "catalogue:1", reason: null, details: null, requestId: null },
  });
  const made = { document, note: null, madeBy: "operator", madeAtMs: 1 };
  const { version } = await database.catalogues.create(made, () => event("create"));
  const published = await database.catalogues.publish(
    { version, effectiveFromMs: 2, by: "operator", nowMs: 1 },
    event("publish"),
  );
  await database.close();
  if (!published.ok) throw new Error(`the packs were not published: ${published.refusal.code}`);
}
