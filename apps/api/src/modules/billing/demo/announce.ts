import { readDatabaseClock } from "../catalogue/database-clock.ts";
import type { PaymentDeps } from "../payment-deps.ts";

const commands =
  "npm run jifen -- catalogue init catalogue.json && npm run jifen -- catalogue publish catalogue.json --reason example";

/** Says in the log that orders cost nothing and, while nothing is for sale, which commands put the example on sale. */
export async function announceDemo({ channels, database, log }: PaymentDeps): Promise<void> {
  if (!channels.has("demo")) return;
  log.warn({ channel: "demo" }, "PAY_DEMO=on: users get credits by a click, without paying");
  const { inForce, upcoming } = await database.catalogues.current(await readDatabaseClock(database));
  if (inForce || upcoming.length > 0) return;
  log.warn({ run: commands }, "no catalogue is published: its example packs are on sale 60 seconds after this command");
}
