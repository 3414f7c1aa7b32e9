import { type Language, languages, normaliseEmail, type Refusal } from "@jifen/contract";
import { type Holder, type Outcome, ok, refuse, type UserId } from "@jifen/ledger";
import Negotiator from "negotiator";
import type { Deps } from "./deps.ts";

/** Who is calling, as the credential says. */
export type Caller = {
  readonly userId: UserId;
  /** What kind of credential this is; a hold is resolved by the kind that placed it. */
  readonly kind: Holder;
  readonly isAdmin: boolean;
};

/** What a request brings, whatever carried it. */
export type RequestFacts = {
  readonly header: (name: string) => string | undefined;
  readonly requestId: string;
  /** Adds a header to the answer. */
  readonly setReplyHeader: (name: string, value: string) => void;
  /** How many calls share this request; more than one in a tRPC batch. */
  readonly calls: number;
};

/** One request, as procedures see it. */
export type Context = Omit<RequestFacts, "header"> & {
  readonly language: () => Language;
  /** The Idempotency-Key header. */
  readonly idempotencyKey: () => string | undefined;
  /** Who is calling; looked up once per request. Refuses, in this order: UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED. */
  readonly caller: () => Promise<Outcome<Caller, Refusal>>;
};

/** Chinese unless English is preferred (RFC 9110, section 12.5.4). */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage) return "zh";
  const preferred = new Negotiator({ headers: { "accept-language": acceptLanguage } }).language([...languages]);
  return preferred === "en" ? "en" : "zh";
}

/** What it takes to know who is calling. */
type Knows = Pick<Deps, "sessions" | "adminEmails">;

/** Builds the context of one request; nothing is looked up before somebody asks. */
export function createContext(knows: Knows, { header, ...facts }: RequestFacts): Context {
  let caller: Promise<Outcome<Caller, Refusal>> | undefined;
  return {
    ...facts,
    language: () => languageOf(header("accept-language")),
    idempotencyKey: () => header("idempotency-key"),
    caller: () => {
      caller ??= authenticate(knows, header("authorization"), header("x-user-id"));
      return caller;
    },
  };
}

/** The subject comes from the credential alone; X-User-Id may only repeat it. */
async function authenticate(
  { sessions, adminEmails }: Knows,
  authorization: string | undefined,
  claimedUserId: string | undefined,
): Promise<Outcome<Caller, Refusal>> {
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization ?? "")?.[1];
  const session = token === undefined ? undefined : await sessions.find(token);
  if (!session) return refuse({ code: "UNAUTHENTICATED" });
  if (claimedUserId !== undefined && normaliseEmail(claimedUserId) !== session.user.id) {
    return refuse({ code: "USER_MISMATCH" });
  }
  if (session.user.suspended) return refuse({ code: "ACCOUNT_SUSPENDED" });
  return ok({ userId: session.user.id, kind: "user", isAdmin: adminEmails.has(session.user.email) });
}
