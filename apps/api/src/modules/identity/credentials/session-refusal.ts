import { errors, type JWTPayload } from "jose";

/** Why the token of a session is refused: for the log only, a response never tells. It contains no part of the token. */
export type SessionRefusal = {
  readonly reason:
    | "malformed"
    | "unknown key"
    | "invalid signature"
    | "undecryptable"
    | "wrong type, issuer or audience"
    | "missing or invalid claim"
    | "not yet valid"
    | "expired"
    | "no e-mail address"
    | "unverified e-mail address"
    | "Auth.js sessions are off"
    | "unknown user"
    | "ended";
  /** The claim that is the reason. */
  readonly claim?: string;
  /** The time in that claim. Compared with the time of the log record, it shows how far two clocks differ. */
  readonly claimTime?: string;
};

const wrongIssuer = new Set(["typ", "iss", "aud"]);
const times = new Set(["iat", "nbf", "exp"]);

/** Why jose refuses a token. Rethrows what is no error of jose. */
export function toSessionRefusal(error: unknown): SessionRefusal {
  if (!(error instanceof errors.JOSEError)) throw error;
  if (error instanceof errors.JWSSignatureVerificationFailed) return { reason: "invalid signature" };
  if (error instanceof errors.JWEDecryptionFailed) return { reason: "undecryptable" };
  if (error instanceof errors.JWTExpired) return timeRefusal("expired", error.claim, error.payload);
  if (!(error instanceof errors.JWTClaimValidationFailed)) return { reason: "malformed" };
  const { claim, reason, payload } = error;
  if (wrongIssuer.has(claim)) return { reason: "wrong type, issuer or audience", claim };
  if (times.has(claim) && reason === "check_failed") return timeRefusal("not yet valid", claim, payload);
  return { reason: "missing or invalid claim", claim };
}

function timeRefusal(reason: SessionRefusal["reason"], claim: string, payload: JWTPayload): SessionRefusal {
  // A number that is no date is left out.
  const time = new Date(Number(payload[claim]) * 1_000);
  return Number.isNaN(time.getTime()) ? { reason, claim } : { reason, claim, claimTime: time.toISOString() };
}
