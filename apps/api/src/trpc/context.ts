import type { Language, Refusal, Role } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Admission } from "../http/admission.ts";
import type { CallMeter } from "../http/calls/call-meter.ts";
import { withAbout } from "../http/refusals/about.ts";
import { type Authentication, authenticate } from "../modules/identity/credentials/authenticate.ts";
import type { Caller } from "../modules/identity/credentials/caller.ts";
import { isSite } from "../modules/identity/credentials/site-key.ts";

/** What a transport knows about a request. */
export type RequestFacts = {
  readonly header: (name: string) => string | undefined;
  readonly language: () => Language;
  readonly requestId: string;
  /** Adds a header to the response. */
  readonly setResponseHeader: (name: string, value: string) => void;
  /** Whether a page of this server sends it, by a form. */
  readonly isPage?: boolean;
  /** How many calls share this request: more than one in a tRPC batch. */
  readonly calls: number;
  /** Whether the session cookie counts at the address of this request. */
  readonly takesSessionCookie: boolean;
  /** The client's address, or that of the visitor whom a site names. */
  readonly address: (isSite: boolean) => string;
  readonly admission: Admission;
  /** Counts and times the calls. */
  readonly callMeter: CallMeter;
};

/** The request context of a procedure. */
export type Context = Omit<RequestFacts, "header" | "address" | "admission" | "takesSessionCookie"> &
  Pick<Admission, "admit" | "startRead"> & {
    /** The client's address: an IPv4 address or the first half of an IPv6 one. */
    readonly address: () => Promise<string>;
    /** The token in the session cookie, if it counts for this request. */
    readonly sessionCookie: () => string | undefined;
    /** The Idempotency-Key header. */
    readonly idempotencyKey: () => string | undefined;
    /**
     * Authenticates the caller, once per request.
     * Refuses DATABASE_UNAVAILABLE, then what `authenticate` refuses.
     */
    readonly caller: () => Promise<Outcome<Caller, Refusal>>;
    /**
     * Authenticates again if the role of the caller has changed in the database: a role that was given at another server
     * must not be refused here.
     */
    readonly callerWithNewRole: (caller: Caller) => Promise<Outcome<Caller, Refusal>>;
    /**
     * Creates the user of a caller that is new, once per request; called right before the work, so that a request that is
     * refused creates none. Refuses what `ProvisionNamedUser` refuses.
     */
    readonly provisionUser: (caller: Caller | undefined) => Promise<Outcome<undefined, Refusal>>;
    /** Counts one call for the rate limit of the caller, or of the address when there is no caller. Refuses: RATE_LIMITED. */
    readonly count: (caller: Caller | undefined) => Promise<Outcome<void, Refusal>>;
  };

/** Creates the context of one request. It does no work until a procedure asks for it. */
export function createContext(
  dependencies: Authentication,
  { header, admission, takesSessionCookie, ...facts }: RequestFacts,
): Context {
  let provisioned: Promise<Outcome<undefined, Refusal>> | undefined;
  let authenticated: Promise<Outcome<Caller, Refusal>> | undefined;
  const sessionCookie = () => (takesSessionCookie ? dependencies.browserSessions.cookie.read(header) : undefined);
  const credentials = () => ({
    authorization: header("authorization"),
    claimedUserId: header("x-user-id"),
    createUser: header("x-create-user"),
    sessionCookie: sessionCookie(),
  });
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
    sessionCookie,
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
    provisionUser: async (caller) => {
      if (!caller?.isNew || caller.key === null) return ok(undefined);
      const by = { actor: caller.actor, requestId: facts.requestId, keyId: caller.key.id };
      provisioned ??= dependencies.namedUsers.provision(caller.userId, by);
      return provisioned;
    },
    count: async (caller) => {
      if (caller) admission.verified(header("authorization") ?? sessionCookie());
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
