import type { IncomingMessage } from "node:http";
import type { Refusal } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import type { ConcurrencyLimiter, Permit } from "./concurrency-limiter.ts";
import { noteVerified } from "./connections/connection.ts";
import type { KnownCredentials } from "./known-credentials.ts";
import type { ReadLimiter } from "./read-limiter.ts";
import type { RequestScheduler } from "./request-scheduler.ts";

/** What admission works with. */
export type AdmissionDeps = {
  readonly commandLimiter: ConcurrencyLimiter;
  readonly readLimiter: ReadLimiter;
  readonly scheduler: RequestScheduler;
  readonly knownCredentials: KnownCredentials;
};

/** The request to admit, and how many ledger commands it contains. */
type Requested = { readonly commands: number; readonly incoming: IncomingMessage };

/** Admission of one request. */
export type Admission = {
  /**
   * Notes that the request has this valid credential, its Authorization header or the token of its session cookie: this
   * connection and this credential go before unknown ones.
   */
  readonly verified: (credential: string | undefined) => void;
  /**
   * Takes the capacity for all ledger commands of the request, once. Call it when the caller may run the operation.
   * Undefined: there is nothing to wait for. Refuses: OVERLOADED.
   */
  readonly admit: (actor: string) => Promise<Outcome<unknown, Refusal>> | undefined;
  /** Waits until a read of records of this user may run. The value ends the read. Refuses: RATE_LIMITED, OVERLOADED. */
  readonly startRead: ReadLimiter["start"];
  /** Returns the capacity. Call it when the response is ready, whatever the outcome. */
  readonly release: () => void;
};

const admitted: Outcome<unknown, Refusal> = ok(undefined);

/** Creates the admission of one request. It takes nothing until a ledger command asks for it. */
export function createAdmission(
  { commandLimiter, readLimiter, scheduler, knownCredentials }: AdmissionDeps,
  { commands, incoming }: Requested,
): Admission {
  let permit: Permit | undefined;
  let waiting: Promise<Outcome<unknown, Refusal>> | undefined;
  let isReleased = false;
  const hold = (granted: Permit) => {
    permit = granted;
    if (isReleased) granted.release();
  };
  return {
    verified: (credential) => {
      const isNews = noteVerified(incoming.socket, credential);
      if (isNews && credential !== undefined) knownCredentials.add(credential);
    },
    admit: (actor) => {
      if (commands === 0 || permit) return undefined;
      if (waiting !== undefined) return waiting;
      scheduler.noteMoney();
      const granted = commandLimiter.acquire({ commands, actor, hasArrived: () => incoming.complete });
      if (!(granted instanceof Promise)) {
        if (granted.ok) hold(granted.value);
        return granted.ok ? undefined : Promise.resolve(granted);
      }
      waiting = granted.then((outcome) => {
        if (!outcome.ok) return outcome;
        hold(outcome.value);
        return admitted;
      });
      return waiting;
    },
    startRead: (userId) => readLimiter.start(userId),
    release: () => {
      isReleased = true;
      permit?.release();
    },
  };
}
