/** Runs commands with extra writes until the process is killed. Prints the key of each command before it starts. */
import { accountId } from "@jifen/core";
import { openDatabase } from "../src/index.ts";
import { consuming, perform } from "./commands.ts";
import { eventRow, newId, orderRow, withExtra } from "./extra-writes.ts";

const [url = "", account = ""] = process.argv.slice(2);
const database = await openDatabase(url, { migrate: false });
for (;;) {
  const key = newId();
  process.stdout.write(`${key}\n`);
  const command = withExtra(consuming(accountId(account), 1, key), (entry) => ({
    rows: [eventRow(key, entry), orderRow(key)],
  }));
  await perform(database.ledger, command);
}
