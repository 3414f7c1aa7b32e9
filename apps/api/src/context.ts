import { type Language, languages, normaliseEmail } from "@jifen/contract";
import type { UserId } from "@jifen/ledger";
import Negotiator from "negotiator";
import type { Deps } from "./deps.ts";
import { RefusalError } from "./refusal-error.ts";

/** Who is calling, as the credential says. */
export type Caller = { readonly userId: UserId };

/** What a request brings, whatever carried it. */
export type RequestFacts = {
  readonly header: (name: string) => string | undefined;
  readonly requestId: string;
  /** Headers of the answer; procedures may add to them. */
  readonly replyHeaders: Headers;
  /** How many calls share this request; more than one in a tRPC batch. */
  readonly calls: number;
};

/** One request, as procedures see it. */
export type Context = Omit<RequestFacts, "header"> & {
  readonly language: Language;
  /** The Idempotency-Key header. */
  readonly idempotencyKey: string | undefined;
  /** Who is calling; looked up once per request. @throws RefusalError UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED */
  readonly caller: () => Promise<Caller>;
};

/** Chinese unless English is preferred (RFC 9110, section 12.5.4). */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage) return "zh";
  const preferred = new Negotiator({ headers: { "accept-language": acceptLanguage } }).language([...languages]);
  return preferred === "en" ? "en" : "zh";
}

/** Builds the context of one request; nothing is looked up before a procedure asks. */
export function createContext(deps: Deps, facts: RequestFacts): Context {
  let caller: Promise<Caller> | undefined;
  return {
    requestId: facts.requestId,
    replyHeaders: facts.replyHeaders,
    calls: facts.calls,
    language: languageOf(facts.header("accept-language")),
    idempotencyKey: facts.header("idempotency-key"),
    caller: () => {
      caller ??= authenticate(deps, facts.header("authorization"), facts.header("x-user-id"));
      return caller;
    },
  };
}

/**
 * The subject comes from the credential alone; X-User-Id may only repeat it.
 * Refuses, in this order: UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED.
 */
async function authenticate(
  deps: Deps,
  authorization: string | undefined,
  claimedUserId: string | undefined,
): Promise<Caller> {
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization ?? "")?.[1];
  const session = token === undefined ? undefined : await deps.sessions.find(token);
  if (!session) throw new RefusalError({ code: "UNAUTHENTICATED" });
  if (claimedUserId !== undefined && normaliseEmail(claimedUserId) !== session.user.id) {
    throw new RefusalError({ code: "USER_MISMATCH" });
  }
  if (session.user.suspended) throw new RefusalError({ code: "ACCOUNT_SUSPENDED" });
  return { userId: session.user.id };
}
