import { openDatabase } from "@jifen/database";
import { hashSync } from "bcryptjs";
import { bySystem } from "../src/modules/audit/audit-event.ts";
import { insertUser } from "../src/modules/identity/use-cases/insert-user.ts";
import { createIds } from "../src/values/ids.ts";

/** bcrypt's lowest cost, as a hash may have that was made elsewhere. */
const LOWEST_COST = 4;

/**
 * Makes the tables, and in them the people of `whitelist` as a server does that is started with it. But for their hashes:
 * with those of a server most tests would spend their time on passwords, which they are not about.
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
