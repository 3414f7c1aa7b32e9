import { normaliseEmail } from "@jifen/contract";
import type { Deps } from "../deps.ts";

/**
 * The beginning of user ids that a text stands for. Ids of sites keep their case, addresses have none: where ids begin with
 * the text as it is, it is meant so.
 */
export async function idPrefixOf(
  { database }: { readonly database: Pick<Deps["database"], "users"> },
  text: string,
): Promise<string> {
  const [exact, ofAddress] = [text.trim(), normaliseEmail(text)];
  if (exact === ofAddress || exact === "" || exact.includes("@")) return ofAddress;
  const some = await database.users.list({ prefix: exact }, { limit: 1 });
  return some.length > 0 ? exact : ofAddress;
}
