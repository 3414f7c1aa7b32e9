import { bilingual, type Operation, type Operations, type Refusal, zIdempotencyKey } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
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
import { RefusalError } from "../http/refusal-error.ts";
import { mayCall } from "../modules/identity/credentials/caller.ts";
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
  /** Authenticates, counts, authorizes, reads and validates the input, runs the handler, validates the output. */
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
 * Every transport runs the same steps in the same order: authentication, rate limit, authorization, input, handler,
 * output. The output schema removes fields that the contract does not declare.
 */
export function implement<const Op extends Operation>(op: Op, handler: Handler<Op>): Implemented<Op> {
  const run: Runnable["run"] = async (ctx, readInput) => {
    const caller = op.caller === "anyone" ? undefined : await ctx.caller();
    const counted = await ctx.count(caller?.ok ? caller.value : undefined);
    if (!counted.ok) return counted;
    if (caller && !caller.ok) return caller;
    if (op.caller !== "anyone" && caller && !mayCall(op.caller, caller.value)) {
      return refuse({ code: "FORBIDDEN", roles: op.caller.roles, scope: op.caller.scope });
    }
    const raw = await readInput();
    if (!raw.ok) return raw;
    const parsed = op.input.safeParse(raw.value);
    if (!parsed.success) return refuse({ code: "VALIDATION_FAILED", issues: fieldIssues(parsed.error) });
    const key = op.idempotent ? resolveIdempotencyKey(ctx, parsed.data) : ok(undefined);
    if (!key.ok) return key;
    const outcome = await handler({
      input: parsed.data as z.output<Op["input"]>,
      caller: caller?.value as HandlerRequest<Op>["caller"],
      requestId: ctx.requestId,
      language: ctx.language,
      address: ctx.address,
      idempotencyKey: key.value,
    });
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
