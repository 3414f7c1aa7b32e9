import {
  type Access,
  bilingual,
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
import { fieldIssues, refusalOf, specOf, toErrorBody } from "../http/error-response.ts";
import { isLedgerCommand, isRecordRead } from "../http/ledger-commands.ts";
import { RefusalError } from "../http/refusal-error.ts";
import { type Caller, mayCall } from "../modules/identity/credentials/caller.ts";
import { nullRemover } from "./absent-fields.ts";
import type { Context } from "./context.ts";
import type { Handler, HandlerRequest } from "./handler.ts";
import { readTrpcInput } from "./input.ts";

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
    const app = toErrorBody(refusal, { language: ctx?.language() ?? "zh", requestId: ctx?.requestId ?? "" });
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

/** Provides the raw input. It runs after authentication and authorization, so its refusals reach only permitted callers. */
type ReadInput = () => Outcome<unknown, Refusal> | Promise<Outcome<unknown, Refusal>>;

/** An operation with all of its checks, independent of tRPC: what a REST route runs. */
export type Runnable = {
  readonly operation: Operation;
  /** Authenticates, counts, authorizes, admits, reads and validates the input, runs the handler, validates the output. */
  readonly run: (ctx: Context, readInput: ReadInput) => Promise<Outcome<unknown, Refusal>>;
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
export function implement<const Op extends Operation>(op: Op, handler: Handler<Op>): Implemented<Op> {
  const withoutNulls = nullRemover(op);
  const isCommand = isLedgerCommand(op);
  const isRead = isRecordRead(op);
  const run: Runnable["run"] = async (ctx, readInput) => {
    const authenticated = op.caller === "anyone" ? undefined : await ctx.caller();
    const counted = await ctx.count(authenticated?.ok ? authenticated.value : undefined);
    if (!counted.ok) return counted;
    if (authenticated && !authenticated.ok) return authenticated;
    const isAllowed = op.caller === "anyone" || !authenticated || mayCall(op.caller, authenticated.value);
    const caller = isAllowed ? authenticated : await authorizeAgain(ctx, op.caller, authenticated.value);
    if (caller && !caller.ok) return caller;
    // After everything that can be refused for the credential, and before the body is read.
    const waiting = isCommand ? ctx.admit(caller?.value.actor ?? (await ctx.address())) : undefined;
    const admitted = waiting && (await waiting);
    if (admitted && !admitted.ok) return admitted;
    const raw = await readInput();
    if (!raw.ok) return raw;
    const parsed = op.input.safeParse(withoutNulls(raw.value));
    if (!parsed.success) return refuse({ code: "VALIDATION_FAILED", issues: fieldIssues(parsed.error) });
    const key = op.idempotent ? resolveIdempotencyKey(ctx, parsed.data) : ok(undefined);
    if (!key.ok) return key;
    const reading = isRead && caller ? await ctx.startRead(ownerOf(caller.value)) : undefined;
    if (reading && !reading.ok) return reading;
    const handled = handler({
      input: parsed.data as z.output<Op["input"]>,
      caller: caller?.value as HandlerRequest<Op>["caller"],
      requestId: ctx.requestId,
      language: ctx.language,
      address: ctx.address,
      idempotencyKey: key.value,
    });
    const outcome = await (reading ? handled.finally(reading.value) : handled);
    if (!outcome.ok) return outcome;
    // The results of a batch share their headers, so a header about one of them would be wrong.
    if (outcome.replayed && ctx.calls === 1) ctx.setResponseHeader("Idempotency-Replayed", "true");
    return ok(op.output.parse(outcome.value));
  };

  const call = async ({ ctx, getRawInput }: CallOptions) => {
    const outcome = await run(ctx, async () => ok(await getRawInput()));
    if (!outcome.ok) throw toTrpcError(outcome.refusal);
    return outcome.value;
  };
  const procedure = t.procedure.experimental_caller(({ args: [options] }) => call(options as CallOptions));
  const built = op.kind === "query" ? procedure.query(neverResolved) : procedure.mutation(neverResolved);
  return Object.assign(built as unknown as ProcedureOf<Op>, { operation: op, run });
}

/** The user whose reads a call counts for: the owner of a service key, also when it acts for another user. */
const ownerOf = ({ key, userId }: Caller): UserId => key?.ownerId ?? userId;

/** Authorizes a caller whose cached role lacks the permission of an operation. Refuses: FORBIDDEN. */
async function authorizeAgain(ctx: Context, access: Access, caller: Caller): Promise<Outcome<Caller, Refusal>> {
  const again = await ctx.callerWithNewRole(caller);
  if (!again.ok || mayCall(access, again.value)) return again;
  return refuse({ code: "FORBIDDEN", roles: access.roles, scope: access.scope });
}

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
type CallOptions = { readonly ctx: Context; readonly getRawInput: () => Promise<unknown> };

/** The caller override replaces the resolver (docs/decisions/0017-trpc-experimental-caller.md). */
const neverResolved = (): never => {
  throw new Error("the caller override of this procedure was not used");
};

/** Builds the tRPC router from one procedure for each operation. */
export const buildRouter = (procedures: Procedures) => t.router(procedures);

/** The type of the router. */
export type AppRouter = ReturnType<typeof buildRouter>;
