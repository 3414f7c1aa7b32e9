import { type Refusal, type RefusalCode, refusals } from "@jifen/contract";

/** What a refusal means for the operator, and how loud its log line is. */
export const refusalKinds = {
  "failed-login": "warn",
  "refused-credential": "warn",
  forbidden: "warn",
  "rate-limited": "warn",
  "malformed-request": "warn",
  "slow-request": "warn",
  unavailable: "warn",
  /** The business says no, or a client has a bug: not enough credits, an invalid field. */
  ordinary: "info",
  /** What was asked for does not exist: an unknown path, a hold that another client has guessed. */
  "not-found": "debug",
} as const;

/** The kind of a refusal. */
export type RefusalKind = keyof typeof refusalKinds;

/** Codes whose status alone does not tell the kind. */
const kindByCode: Partial<Record<RefusalCode, RefusalKind>> = {
  INVALID_CREDENTIALS: "failed-login",
  LINK_EXPIRED: "refused-credential",
  ACCOUNT_SUSPENDED: "refused-credential",
  SELF_ACTION_FORBIDDEN: "forbidden",
  LAST_ADMIN: "forbidden",
  REGISTRATION_CLOSED: "ordinary",
  MALFORMED_REQUEST: "malformed-request",
  MALFORMED_JSON: "malformed-request",
  HEADERS_TOO_LARGE: "malformed-request",
  PAYLOAD_TOO_LARGE: "malformed-request",
  EXPECTATION_FAILED: "malformed-request",
};

/** A code that is added later is never silent: its status puts it in the kind of its neighbours. */
export function kindOf({ code }: Refusal, { hasCredential }: { readonly hasCredential: boolean }): RefusalKind {
  const known = kindByCode[code];
  if (known !== undefined) return known;
  const { status } = refusals[code];
  // A request without any credential is a client that has not logged in yet.
  if (status === 401) return hasCredential ? "refused-credential" : "ordinary";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 408) return "slow-request";
  if (status === 429) return "rate-limited";
  return status >= 500 ? "unavailable" : "ordinary";
}
