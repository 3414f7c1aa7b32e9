import { type Language, preferredLanguage, type Refusal, type Role } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Admission } from "../http/admission.ts";
import { withAbout } from "../http/refusals/about.ts";
import { type Authentication, authenticate } from "../modules/identity/credentials/authenticate.ts";
import type { Caller } from "../modules/identity/credentials/caller.ts";
import { isSite } from "../modules/identity/credentials/site-key.ts";

/** What a transport knows about a request. */
export type RequestFacts = {
  readonly header: (name: string) => string | undefined;
  readonly requestId: string;
  /** Adds a header to the response. */
  readonly setResponseHeader: (name: string, value: string) => void;
  /** How many calls share this request: more than one in a tRPC batch. */
  readonly calls: number;
  /** The client's address, or that of the visitor whom a site names. */
  readonly address: (isSite: boolean) => string;
  readonly admission: Admission;
};

/** The request context of a procedure. */
export type Context = Omit<RequestFacts, "header" | "address" | "admission"> &
  Pick<Admission, "admit" | "startRead"> & {
    /** The client's address: an IPv4 address or the first half of an IPv6 one. */
    readonly address: () => Promise<string>;
    readonly language: () => Language;
    /** The Idempotency-Key header. */
    readonly idempotencyKey: () => string | undefined;
    /**
     * Authenticates the caller, once per request.
     * Refuses, in this order: DATABASE_UNAVAILABLE, UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED.
     */
    readonly caller: () => Promise<Outcome<Caller, Refusal>>;
    /**
     * Authenticates again if the role of the caller has changed in the database: a role that was given at another server
     * must not be refused here.
     */
    readonly callerWithNewRole: (caller: Caller) => Promise<Outcome<Caller, Refusal>>;
    /** Counts one call for the rate limit of the caller, or of the address when there is no caller. Refuses: RATE_LIMITED. */
    readonly count: (caller: Caller | undefined) => Promise<Outcome<void, Refusal>>;
  };

/** Creates the context of one request. It does no work until a procedure asks for it. */
export function createContext(dependencies: Authentication, { header, admission, ...facts }: RequestFacts): Context {
  let authenticated: Promise<Outcome<Caller, Refusal>> | undefined;
  const credentials = () => ({ authorization: header("authorization"), claimedUserId: header("x-user-id") });
  let found: Promise<string> | undefined;
  const address = () => {
    found ??= isSite(dependencies, header("x-site-key")).then(facts.address);
    return found;
  };
  return {
    ...facts,
    admit: admission.admit,
    startRead: admission.startRead,
    address,
    language: () => preferredLanguage(header("accept-language")),
    idempotencyKey: () => header("idempotency-key"),
    caller: () => {
      // Checked first: a look-up would wait for the database.
      if (dependencies.isCircuitOpen()) return Promise.resolve(refuse({ code: "DATABASE_UNAVAILABLE" }));
      authenticated ??= authenticate(dependencies, credentials());
      return authenticated;
    },
    callerWithNewRole: async (caller) => {
      const hasNewRole = ({ role }: { readonly role: Role }) => role !== caller.role;
      const user = await dependencies.userCache.find(caller.key?.ownerId ?? caller.userId, hasNewRole);
      if (!user || !hasNewRole(user)) return ok(caller);
      authenticated = authenticate(dependencies, credentials());
      return authenticated;
    },
    count: async (caller) => {
      if (caller) admission.verified();
      const by = caller
        ? ({ policy: "caller", key: caller.actor } as const)
        : ({ policy: "ip", key: await address() } as const);
      const counted = await dependencies.rateLimits.count(by);
      if (!counted) return ok(undefined);
      for (const [name, value] of Object.entries(counted.headers)) facts.setResponseHeader(name, value);
      const { isAllowed, retryAfterSeconds } = counted;
      if (isAllowed) return ok(undefined);
      const policy = caller ? "caller" : "address";
      return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds }, { policy }));
    },
  };
}
