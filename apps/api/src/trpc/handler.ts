import type { callerRefusals, Language, Operation, Refusal, RefusalCode } from "@jifen/contract";
import type { z } from "zod";
import type { Caller } from "../modules/identity/credentials/caller.ts";

/** What a handler receives with every call. */
export type HandlerRequest<Op extends Operation> = {
  readonly input: z.output<Op["input"]>;
  /** The authenticated caller; undefined for operations that need none. */
  readonly caller: Op["caller"] extends "anyone" ? undefined : Caller;
  readonly requestId: string;
  readonly language: () => Language;
  /** The client's address: an IPv4 address or the first half of an IPv6 one. */
  readonly address: () => Promise<string>;
  /** From the header or the input. */
  readonly idempotencyKey: string | undefined;
  /** The token in the session cookie, if it counts for this request. */
  readonly sessionCookie: () => string | undefined;
  /** Whether a page of this server sends it, by a form. */
  readonly isPage: boolean;
  /** Adds a Set-Cookie header to the response. */
  readonly setCookie: (setCookie: string) => void;
};

/** The codes that the operation declares, those of every operation with a caller, and what only a handler can detect. */
export type HandlerRefusal<Op extends Pick<Operation, "refusals">> = Refusal<
  Extract<RefusalCode, Op["refusals"][number] | (typeof callerRefusals)[number] | "VALIDATION_FAILED" | "RATE_LIMITED">
>;

/** An `Outcome` whose success also says whether it is the stored result of an earlier request with the same key. */
type HandlerOutcome<Value, Refused> =
  | { readonly ok: true; readonly value: Value; readonly replayed?: boolean }
  | { readonly ok: false; readonly refusal: Refused };

/** Implements an operation: returns its output, or one of the refusals it declares. */
export type Handler<Op extends Operation> = (
  request: HandlerRequest<Op>,
) => Promise<HandlerOutcome<z.input<Op["output"]>, HandlerRefusal<Op>>>;

/** The success of an idempotent handler. `replayed`: an earlier request with the same key did it, this one did nothing. */
export const replayableOk = <Value>(value: Value, { replayed }: { readonly replayed: boolean }) =>
  ({ ok: true, value, replayed }) as const;
