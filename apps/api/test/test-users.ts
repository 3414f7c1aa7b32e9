import { openDatabase } from "@jifen/database";
import { hashSync } from "bcryptjs";
import { bySystem } from "../src/modules/audit/audit-event.ts";
import { insertUser } from "../src/modules/identity/use-cases/insert-user.ts";
import { createIds } from "../src/values/ids.ts";

/** The lowest cost of bcrypt. */
const LOWEST_COST = 4;

/**
 * Creates the tables and the users of `whitelist`, as a server with this USER_WHITELIST does at its start, but with password
 * hashes of the lowest cost, so that tests do not spend their time on hashing.
 */
export async function createTestUsers(databaseUrl: string, whitelist: string, initialCredits: number): Promise<void> {
  const database = await openDatabase(databaseUrl);
  const deps = { database, newId: createIds(Date.now), nowMs: Date.now };
  for (const entry of whitelist.split(",")) {
    const [email = "", password = ""] = entry.split(":");
    const passwordHash = hashSync(password, LOWEST_COST);
    await insertUser(deps, { email, passwordHash, role: "user", initialCredits }, { by: bySystem });
  }
  await database.close();
}
