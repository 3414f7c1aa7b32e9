import { randomInt } from "node:crypto";
import { crc32 } from "node:zlib";
import { sha256 } from "./sha256.ts";

/**
 * A service key: `jf_live_`, 12 characters that name it and may be shown, 32 that nobody can guess (190 bits), and 6 of
 * a checksum (CRC-32) by which a typo is known without looking anything up. All of them digits and ASCII letters, so
 * that a double click selects the whole key.
 */
const PREFIX = "jf_live_";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const [ID_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH] = [12, 32, 6];

const shape = new RegExp(
  `^${PREFIX}(?<id>[0-9A-Za-z]{${ID_LENGTH}})[0-9A-Za-z]{${SECRET_LENGTH}}(?<checksum>[0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

const randomText = (length: number) =>
  Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");

function checksumOf(text: string): string {
  let [left, written] = [crc32(text), ""];
  while (written.length < CHECKSUM_LENGTH) {
    written = ALPHABET.charAt(left % ALPHABET.length) + written;
    left = Math.floor(left / ALPHABET.length);
  }
  return written;
}

/** The part of a key that may be shown. */
export const shownPart = (id: string): string => `${PREFIX}${id}`;

/** Whether a credential is to be read as a service key, good or bad. `jf_test_` is set aside: none is ever made. */
export const looksLikeServiceKey = (credential: string): boolean => /^jf_/.test(credential);

/** The name of a key that does not exist yet. */
export const newKeyId = (): string => randomText(ID_LENGTH);

/** Makes a key of this name. `text` is shown to its owner once; `hash` is what is kept. */
export function newServiceKey(id: string): { readonly text: string; readonly hash: string } {
  const unsigned = `${PREFIX}${id}${randomText(SECRET_LENGTH)}`;
  const text = `${unsigned}${checksumOf(unsigned)}`;
  return { text, hash: sha256(text) };
}

/** undefined for what is no key of ours, or has a typo. */
export function readServiceKey(text: string): { readonly id: string; readonly hash: string } | undefined {
  const { id, checksum } = shape.exec(text)?.groups ?? {};
  if (id === undefined || checksumOf(text.slice(0, -CHECKSUM_LENGTH)) !== checksum) return undefined;
  return { id, hash: sha256(text) };
}
