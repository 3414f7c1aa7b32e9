import { DEFAULT_GROUP, type Pack } from "@jifen/billing";
import { documentOf } from "../catalogue/catalogues.ts";
import { readDatabaseClock } from "../catalogue/database-clock.ts";
import type { PaymentDeps } from "../payment-deps.ts";

/** A pack and the version of the catalogue that it is of. */
export type PackOnSale = { readonly version: number; readonly pack: Pack };

/**
 * A pack of the catalogue that is in force, by the database's clock. It is read each time: orders are few, and a price that is
 * withdrawn must not be sold.
 */
export async function findPack(
  { database }: Pick<PaymentDeps, "database">,
  id: string,
  group: string | null,
): Promise<PackOnSale | undefined> {
  const { inForce } = await database.catalogues.current(await readDatabaseClock(database));
  if (!inForce) return;
  const pack = documentOf(inForce).packs.find((each) => each.id === id);
  const isForUser = pack?.groups?.includes(group ?? DEFAULT_GROUP) ?? true;
  return pack && isForUser ? { version: inForce.version, pack } : undefined;
}
