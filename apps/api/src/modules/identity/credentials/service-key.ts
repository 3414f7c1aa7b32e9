import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";
import { sha256 } from "./sha256.ts";

/**
 * The format of a service key: `jf_live_`, 12 characters of the key id, which is public, 32 characters of the secret (190
 * bits), and 6 characters of a checksum (CRC-32), which detects a typo without a look-up. All of them are digits and ASCII
 * letters, so that a double click selects the whole key.
 */
const PREFIX = "jf_live_";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const [ID_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH] = [12, 32, 6];

const keyPattern = new RegExp(
  `^${PREFIX}(?<id>[0-9A-Za-z]{${ID_LENGTH}})[0-9A-Za-z]{${SECRET_LENGTH}}(?<checksum>[0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

const randomText = (length: number) =>
  Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");

function checksumOf(text: string): string {
  let [rest, digits] = [crc32(text), ""];
  while (digits.length < CHECKSUM_LENGTH) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}

/** The public part of a key. */
export const keyPrefix = (id: string): string => `${PREFIX}${id}`;

/** Whether a credential is handled as a service key, valid or not. `jf_test_` is reserved: no such key is ever created. */
export const looksLikeServiceKey = (credential: string): boolean => /^jf_/.test(credential);

/** Generates the id of a new key. */
export const newKeyId = (): string => randomText(ID_LENGTH);

/** Generates a key with this id. `text` is shown once; `hash` is stored. */
export function newServiceKey(id: string): { readonly text: string; readonly hash: string } {
  const unsigned = `${PREFIX}${id}${randomText(SECRET_LENGTH)}`;
  const text = `${unsigned}${checksumOf(unsigned)}`;
  return { text, hash: sha256(text) };
}

/** Parses a service key; undefined when it is malformed or has a typo. */
export function parseServiceKey(text: string): { readonly id: string; readonly hash: string } | undefined {
  const { id, checksum } = keyPattern.exec(text)?.groups ?? {};
  if (id === undefined || checksumOf(text.slice(0, -CHECKSUM_LENGTH)) !== checksum) return undefined;
  return { id, hash: sha256(text) };
}
