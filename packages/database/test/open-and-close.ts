/** What a process does that only starts and stops: opens the database behind its argument, and closes it. */
import { openDatabase } from "../src/index.ts";

const database = await openDatabase(process.argv[2] ?? "");
await database.close();
