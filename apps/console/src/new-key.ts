const BYTES = 16;

/** A new idempotency key. `crypto.randomUUID` is missing on pages that are served by plain HTTP. */
export const newKey = (): string =>
  `console-${Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
