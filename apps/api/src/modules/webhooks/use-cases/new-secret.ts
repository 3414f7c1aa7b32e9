import { randomBytes } from "node:crypto";

const KEY_BYTES = 32;

/** A new secret of an endpoint, in the form of the Standard Webhooks specification. */
export const newSecret = (): string => `whsec_${randomBytes(KEY_BYTES).toString("base64")}`;
