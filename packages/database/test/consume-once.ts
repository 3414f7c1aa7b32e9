/** Consumes once, in a process of its own: URL, account, amount, key. */
import { accountId } from "@jifen/core";
import { openDatabase } from "../src/index.ts";
import { consuming, perform } from "./commands.ts";

const [url = "", account = "", amount = "", key] = process.argv.slice(2);
const database = await openDatabase(url, { migrate: false });
await perform(database.ledger, consuming(accountId(account), Number(amount), key));
await database.close();
