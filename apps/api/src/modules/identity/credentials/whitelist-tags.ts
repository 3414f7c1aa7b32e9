import { createHmac, hkdfSync } from "node:crypto";
import { sha256 } from "./sha256.ts";

/** An entry of USER_WHITELIST. */
type Entry = { readonly email: string; readonly password: string };

/**
 * Recognises the entry of USER_WHITELIST that was applied last by the tag that is stored with the user: the id of a key, a
 * keyed digest of the entry, and the bcrypt hash that the entry got, for a server whose secrets have all changed.
 */
export type WhitelistTags = {
  readonly tagOf: (entry: Entry, passwordHash: string) => string;
  readonly compare: (entry: Entry, tag: string) => Comparison;
};

/**
 * `same`, also when an older secret made the tag (`outdated`), or `changed`; `unknown` when a secret that is gone made it:
 * the hash that the entry got then tells.
 */
type Comparison = { readonly is: "same" | "outdated" | "changed" | "unknown"; readonly passwordHash: string };

const INFO = "Jifen USER_WHITELIST";

const tagKey = (secret: string) => {
  const bytes = new Uint8Array(hkdfSync("sha256", secret, "", INFO, 32));
  const digest = ({ email, password }: Entry) =>
    createHmac("sha256", bytes).update(`${email}\0${password}`).digest("base64url");
  // The id reveals nothing about a key of 256 random-looking bits.
  return { id: sha256(Buffer.from(bytes).toString("hex")).slice(0, 8), digest };
};

/** @param secrets those of tokens: the first makes tags, all of them recognise tags. */
export function createWhitelistTags(secrets: readonly [string, ...string[]]): WhitelistTags {
  const current = tagKey(secrets[0]);
  const keys = new Map([current, ...secrets.slice(1).map(tagKey)].toReversed().map((key) => [key.id, key]));
  return {
    tagOf: (entry, passwordHash) => `${current.id}.${current.digest(entry)}.${passwordHash}`,
    compare: (entry, tag) => {
      const [id = "", digest = "", ...rest] = tag.split(".");
      // A bcrypt hash can contain dots.
      const passwordHash = rest.join(".");
      const key = keys.get(id);
      if (!key) return { is: "unknown", passwordHash };
      if (key.digest(entry) !== digest) return { is: "changed", passwordHash };
      return { is: key.id === current.id ? "same" : "outdated", passwordHash };
    },
  };
}
