import { createHash, timingSafeEqual } from "node:crypto";
import type { Fields } from "../form-fields.ts";

/** The MD5 signature of the epay protocol: fields sorted by name without the empty ones, not encoded, then the key. */
export function epaySignature(fields: Fields, key: string): string {
  const signed = Object.entries(fields).filter(
    ([name, value]) => name !== "sign" && name !== "sign_type" && value !== "",
  );
  const text = signed
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return createHash("md5")
    .update(text + key, "utf8")
    .digest("hex");
}

/** Whether the fields carry the signature of this key, in either case. Compares in constant time. */
export function hasEpaySignature(fields: Fields, key: string): boolean {
  const given = Buffer.from((fields["sign"] ?? "").toLowerCase());
  const expected = Buffer.from(epaySignature(fields, key));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
