import { type Language, preferredLanguage, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { type Authentication, authenticate } from "../modules/identity/credentials/authenticate.ts";
import type { Caller } from "../modules/identity/credentials/caller.ts";

/** What a transport knows about a request. */
export type RequestFacts = {
  readonly header: (name: string) => string | undefined;
  readonly requestId: string;
  /** Adds a header to the response. */
  readonly setResponseHeader: (name: string, value: string) => void;
  /** How many calls share this request: more than one in a tRPC batch. */
  readonly calls: number;
  /** The client's address: an IPv4 address or the first half of an IPv6 one. */
  readonly address: () => string;
};

/** The request context of a procedure. */
export type Context = Omit<RequestFacts, "header"> & {
  readonly language: () => Language;
  /** The Idempotency-Key header. */
  readonly idempotencyKey: () => string | undefined;
  /**
   * Authenticates the caller, once per request.
   * Refuses, in this order: DATABASE_UNAVAILABLE, UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED.
   */
  readonly caller: () => Promise<Outcome<Caller, Refusal>>;
  /** Counts one call for the rate limit of the caller, or of the address when there is no caller. Refuses: RATE_LIMITED. */
  readonly count: (caller: Caller | undefined) => Promise<Outcome<void, Refusal>>;
};

/** Creates the context of one request. It does no work until a procedure asks for it. */
export function createContext(dependencies: Authentication, { header, ...facts }: RequestFacts): Context {
  let authenticated: Promise<Outcome<Caller, Refusal>> | undefined;
  return {
    ...facts,
    language: () => preferredLanguage(header("accept-language")),
    idempotencyKey: () => header("idempotency-key"),
    caller: () => {
      // Checked first: a look-up would wait for the database.
      if (dependencies.isCircuitOpen()) return Promise.resolve(refuse({ code: "DATABASE_UNAVAILABLE" }));
      authenticated ??= authenticate(dependencies, {
        authorization: header("authorization"),
        claimedUserId: header("x-user-id"),
      });
      return authenticated;
    },
    count: async (caller) => {
      const by = caller
        ? ({ policy: "caller", key: caller.actor } as const)
        : ({ policy: "ip", key: facts.address() } as const);
      const counted = await dependencies.rateLimits.count(by);
      if (!counted) return ok(undefined);
      for (const [name, value] of Object.entries(counted.headers)) facts.setResponseHeader(name, value);
      const { isAllowed, retryAfterSeconds } = counted;
      return isAllowed ? ok(undefined) : refuse({ code: "RATE_LIMITED", retryAfterSeconds });
    },
  };
}
