import { type Language, languages, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import Negotiator from "negotiator";
import { authenticate, type Knows } from "../modules/identity/credentials/authenticate.ts";
import type { Caller } from "../modules/identity/credentials/caller.ts";

/** What a request brings, whatever carried it. */
export type RequestFacts = {
  readonly header: (name: string) => string | undefined;
  readonly requestId: string;
  /** Adds a header to the answer. */
  readonly setReplyHeader: (name: string, value: string) => void;
  /** How many calls share this request; more than one in a tRPC batch. */
  readonly calls: number;
  /** From where it came: an IPv4 address or half an IPv6 one. */
  readonly address: () => string;
};

/** One request, as procedures see it. */
export type Context = Omit<RequestFacts, "header"> & {
  readonly language: () => Language;
  /** The Idempotency-Key header. */
  readonly idempotencyKey: () => string | undefined;
  /** Who is calling; looked up once per request. Refuses, in this order: DATABASE_UNAVAILABLE, UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED. */
  readonly caller: () => Promise<Outcome<Caller, Refusal>>;
  /** Counts one call, against who is calling, or else against the address. Refuses: RATE_LIMITED. */
  readonly count: (caller: Caller | undefined) => Promise<Outcome<void, Refusal>>;
};

/** Chinese unless English is preferred (RFC 9110, section 12.5.4). */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (!acceptLanguage) return "zh";
  const preferred = new Negotiator({ headers: { "accept-language": acceptLanguage } }).language([...languages]);
  return preferred === "en" ? "en" : "zh";
}

/** Builds the context of one request; nothing is looked up before somebody asks. */
export function createContext(knows: Knows, { header, ...facts }: RequestFacts): Context {
  let caller: Promise<Outcome<Caller, Refusal>> | undefined;
  return {
    ...facts,
    language: () => languageOf(header("accept-language")),
    idempotencyKey: () => header("idempotency-key"),
    caller: () => {
      // Before anybody is looked up: look-ups wait for one another.
      if (knows.isCircuitOpen()) return Promise.resolve(refuse({ code: "DATABASE_UNAVAILABLE" }));
      caller ??= authenticate(knows, {
        authorization: header("authorization"),
        claimedUserId: header("x-user-id"),
      });
      return caller;
    },
    count: async (who) => {
      const by = who
        ? ({ policy: "caller", key: who.actor } as const)
        : ({ policy: "ip", key: facts.address() } as const);
      const counted = await knows.rateLimits.count(by);
      if (!counted) return ok(undefined);
      for (const [name, value] of Object.entries(counted.headers)) facts.setReplyHeader(name, value);
      const { isAllowed, retryAfterSeconds } = counted;
      return isAllowed ? ok(undefined) : refuse({ code: "RATE_LIMITED", retryAfterSeconds });
    },
  };
}
