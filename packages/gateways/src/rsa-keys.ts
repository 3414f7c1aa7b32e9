import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** Reads an RSA private key: PEM, or the base64 text that consoles show, of PKCS#8 or PKCS#1. undefined when it is none. */
export function readPrivateKey(text: string): KeyObject | undefined {
  if (text.includes("-----BEGIN")) return rsaKey(() => createPrivateKey(text));
  const key = derOf(text);
  const read = (type: "pkcs8" | "pkcs1") => rsaKey(() => createPrivateKey({ key, format: "der", type }));
  return read("pkcs8") ?? read("pkcs1");
}

/** Reads an RSA public key: PEM of a key or a certificate, or the base64 text that consoles show. undefined when it is none. */
export function readPublicKey(text: string): KeyObject | undefined {
  if (text.includes("-----BEGIN")) return rsaKey(() => createPublicKey(text));
  return rsaKey(() => createPublicKey({ key: derOf(text), format: "der", type: "spki" }));
}

const derOf = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "base64");

function rsaKey(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    return key.asymmetricKeyType === "rsa" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The PEM of a key, as SDKs take it. */
export const pemOf = (key: KeyObject): string =>
  key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }).toString();
