import {
  bilingual,
  fallbackLanguage,
  type Operation,
  type Operations,
  type Refusal,
  zIdempotencyKey,
} from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import {
  initTRPC,
  type TRPCCombinedDataTransformer,
  TRPCError,
  type TRPCMutationProcedure,
  type TRPCQueryProcedure,
} from "@trpc/server";
import superjson from "superjson";
import type { z } from "zod";
import { statusOfOutcome } from "../http/calls/call-meter.ts";
import { fieldIssues, refusalOf, specOf, toErrorBody } from "../http/error-response.ts";
import { isLedgerCommand, isRecordRead } from "../http/ledger-commands.ts";
import { RefusalError } from "../http/refusal-error.ts";
import type { Caller } from "../modules/identity/credentials/caller.ts";
import { authorizeCall, inputParser, type ReadInput } from "./call-steps.ts";
import type { Context } from "./context.ts";
import type { Handler, HandlerRequest } from "./handler.ts";
import { readTrpcInput } from "./input.ts";
import type { Render, RenderingsOf } from "./rendering.ts";

/** tRPC's error code for each HTTP status in the refusal table. */
const trpcCodes: Readonly<Record<number, TRPCError["code"]>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  402: "PAYMENT_REQUIRED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  410: "NOT_FOUND",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

/** Output in superjson's format. All outputs are plain JSON, so superjson does not need to traverse them. */
export const toSuperjson = (json: unknown) => ({ json });

const transformer: TRPCCombinedDataTransformer = {
  input: { serialize: toSuperjson, deserialize: readTrpcInput },
  output: { serialize: toSuperjson, deserialize: superjson.deserialize },
};

const t = initTRPC.context<Context>().create({
  transformer,
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => {
    const refusal = refusalOf(error);
    // Without a context the request was not parsed; its id is in the X-Request-Id header.
    const app = toErrorBody(refusal, {
      language: ctx?.language() ?? fallbackLanguage,
      requestId: ctx?.requestId ?? "",
    });
    const { status } = specOf(refusal);
    const data = { code: trpcCodes[status] ?? shape.data.code, path: shape.data.path, httpStatus: status, app };
    return { ...shape, message: app.message, data };
  },
});

/** The types of an operation in tRPC's form. */
type Def<Op extends Operation> = { meta: object; input: z.input<Op["input"]>; output: z.output<Op["output"]> };

/** The procedure type of an operation. */
type ProcedureOf<Op extends Operation> = Op["kind"] extends "query"
  ? TRPCQueryProcedure<Def<Op>>
  : TRPCMutationProcedure<Def<Op>>;

/** The success of an operation, with its input as it was validated; or its refusal. */
type RunOutcome =
  | { readonly ok: true; readonly value: unknown; readonly input: unknown }
  | { readonly ok: false; readonly refusal: Refusal };

/** An operation with all of its checks, independent of tRPC: what a REST route runs. */
export type Runnable = {
  readonly operation: Operation;
  /** How REST renders the output in further forms, by the value of the input field `format`. */
  readonly renderings: Readonly<Record<string, Render<never>>>;
  /** Authenticates, counts, authorizes, admits, reads and validates the input, runs the handler, validates the output. */
  readonly run: (ctx: Context, readInput: ReadInput) => Promise<RunOutcome>;
};

/** A procedure that can also be run without tRPC. */
export type Implemented<Op extends Operation> = ProcedureOf<Op> & Runnable;

/** Exactly one procedure for every operation. */
export type Procedures = {
  [Noun in keyof Operations]: {
    [Verb in keyof Operations[Noun]]: Operations[Noun][Verb] extends Operation
      ? Implemented<Operations[Noun][Verb]>
      : never;
  };
};

/**
 * Joins an operation and its handler to a procedure. There is no other way to create one.
 * Every transport runs the same steps in the same order: authentication, rate limit, authorization, admission of ledger
 * commands, input, handler, output. The output schema removes fields that the contract does not declare.
 */
export function implement<const Op extends Operation>(
  op: Op,
  handler: Handler<Op>,
  ...[renderings]: RenderingsOf<Op>
): Implemented<Op> {
  const parseInput = inputParser(op);
  const isCommand = isLedgerCommand(op);
  const isRead = isRecordRead(op);
  const run: Runnable["run"] = async (ctx, readInput) => {
    const authorized = await authorizeCall(ctx, op.caller);
    if (!authorized.ok) return authorized;
    const caller = authorized.value;
    // After everything that can be refused for the credential, and before the body is read.
    const waiting = isCommand ? ctx.admit(caller?.actor ?? (await ctx.address())) : undefined;
    const admitted = waiting && (await waiting);
    if (admitted && !admitted.ok) return admitted;
    const input = await parseInput(readInput);
    if (!input.ok) return input;
    const key = op.idempotent ? resolveIdempotencyKey(ctx, input.value) : ok(undefined);
    if (!key.ok) return key;
    const reading = isRead && caller ? await ctx.startRead(ownerOf(caller)) : undefined;
    if (reading && !reading.ok) return reading;
    const present = await ctx.provisionUser(caller);
    if (!present.ok) {
      reading?.value();
      return present;
    }
    const handled = handler({
      input: input.value,
      caller: caller as HandlerRequest<Op>["caller"],
      requestId: ctx.requestId,
      language: ctx.language,
      address: ctx.address,
      idempotencyKey: key.value,
      sessionCookie: ctx.sessionCookie,
      isPage: ctx.isPage ?? false,
      setCookie: (setCookie) => ctx.setResponseHeader("Set-Cookie", setCookie),
    });
    const outcome = await (reading ? handled.finally(reading.value) : handled);
    if (!outcome.ok) return outcome;
    // The results of a batch share their headers, so a header about one of them would be wrong.
    if (outcome.replayed && ctx.calls === 1) ctx.setResponseHeader("Idempotency-Replayed", "true");
    return { ok: true, value: op.output.parse(outcome.value), input: input.value };
  };

  const call = async ({ ctx, path, getRawInput }: CallOptions) => {
    const outcome = await ctx.callMeter.measure(
      { operation: path, requestId: ctx.requestId },
      () => run(ctx, async () => ok(await getRawInput())),
      statusOfOutcome,
    );
    if (!outcome.ok) throw toTrpcError(outcome.refusal);
    return outcome.value;
  };
  const procedure = t.procedure.experimental_caller(({ args: [options] }) => call(options as CallOptions));
  const built = op.kind === "query" ? procedure.query(neverResolved) : procedure.mutation(neverResolved);
  return Object.assign(built as unknown as ProcedureOf<Op>, {
    operation: op,
    renderings: (renderings ?? {}) as Runnable["renderings"],
    run,
  });
}

/** The user whose reads a call counts for: the owner of a service key, also when it acts for another user. */
const ownerOf = ({ key, userId }: Caller): UserId => key?.ownerId ?? userId;

/** The key from the input or the header. Refuses when the two differ: VALIDATION_FAILED. */
function resolveIdempotencyKey(ctx: Context, input: unknown): Outcome<string | undefined, Refusal> {
  const fromInput = (input as { idempotencyKey?: string }).idempotencyKey;
  const fromHeader = ctx.idempotencyKey();
  if (fromHeader === undefined) return ok(fromInput);
  if (ctx.calls > 1)
    return invalidKey(
      "批量请求中请在每个调用的参数里传 idempotencyKey",
      "in a batch, send the key in the input of each call, not in the header",
    );
  const parsed = zIdempotencyKey.safeParse(fromHeader);
  if (!parsed.success) {
    const issues = fieldIssues(parsed.error).map((issue) => ({ ...issue, path: "Idempotency-Key" }));
    return refuse({ code: "VALIDATION_FAILED", issues });
  }
  if (fromInput !== undefined && fromInput !== parsed.data) {
    return invalidKey("与 Idempotency-Key 请求头不一致", "differs from the Idempotency-Key header");
  }
  return ok(parsed.data);
}

const invalidKey = (zh: string, en: string) =>
  refuse<Refusal>({ code: "VALIDATION_FAILED", issues: [{ path: "idempotencyKey", message: bilingual({ zh, en }) }] });

const toTrpcError = (refusal: Refusal): TRPCError =>
  new TRPCError({
    code: trpcCodes[specOf(refusal).status] ?? "INTERNAL_SERVER_ERROR",
    cause: new RefusalError(refusal),
  });

/** What tRPC passes to a procedure, as far as it is used here. `internals.test.ts` checks it. */
type CallOptions = {
  readonly ctx: Context;
  /** Of the operation, such as `credits.consume`. */
  readonly path: string;
  readonly getRawInput: () => Promise<unknown>;
};

/** The caller override replaces the resolver (docs/decisions/0017-trpc-experimental-caller.md). */
const neverResolved = (): never => {
  throw new Error("the caller override of this procedure was not used");
};

/** Builds the tRPC router from one procedure for each operation. */
export const buildRouter = (procedures: Procedures) => t.router(procedures);

/** The type of the router. */
export type AppRouter = ReturnType<typeof buildRouter>;
