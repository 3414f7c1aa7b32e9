import {
  bilingual,
  type callerRefusals,
  type Operation,
  type Operations,
  type Refusal,
  type RefusalCode,
  zIdempotencyKey,
} from "@jifen/contract";
import type { Outcome } from "@jifen/ledger";
import {
  initTRPC,
  type TRPCCombinedDataTransformer,
  TRPCError,
  type TRPCMutationProcedure,
  type TRPCQueryProcedure,
} from "@trpc/server";
import superjson, { type SuperJSONResult } from "superjson";
import type { z } from "zod";
import type { Caller, Context } from "./context.ts";
import { RefusalError } from "./refusal-error.ts";
import { fieldIssues, lookOf, refusalOf, toWireError } from "./wire-error.ts";

/** tRPC's own names for the statuses of our table. */
const trpcCodes: Readonly<Record<number, TRPCError["code"]>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  402: "PAYMENT_REQUIRED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  422: "UNPROCESSABLE_CONTENT",
  503: "SERVICE_UNAVAILABLE",
};

/**
 * superjson, but what comes in cannot say that one object is another: a few bytes of that would make an object
 * that takes for ever to look through. Honest clients send every copy in full as well.
 */
const transformer: TRPCCombinedDataTransformer = {
  input: {
    serialize: superjson.serialize,
    deserialize: ({ json, meta }: SuperJSONResult) =>
      superjson.deserialize({ json, ...(meta?.values && { meta: { values: meta.values, v: meta.v } }) }),
  },
  output: superjson,
};

const t = initTRPC.context<Context>().create({
  transformer,
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => {
    const refusal = refusalOf(error);
    // Without a context the request could not even be read; its id is in the X-Request-Id header.
    const app = toWireError(refusal, { language: ctx?.language ?? "zh", requestId: ctx?.requestId ?? "" });
    const { status } = lookOf(refusal);
    const data = { code: trpcCodes[status] ?? shape.data.code, path: shape.data.path, httpStatus: status, app };
    return { ...shape, message: app.message, data };
  },
});

/** What a handler is asked. */
type Asked<Op extends Operation> = {
  readonly input: z.output<Op["input"]>;
  /** There for operations that need a user. */
  readonly caller: Op["caller"] extends "user" ? Caller : undefined;
  /** From the header or the input. */
  readonly idempotencyKey: string | undefined;
  /** Tells the caller that this was done before, under the same key. */
  readonly markReplayed: () => void;
};

/** The codes an operation declares, and those that any operation with a caller has. */
type RefusalOf<Op extends Operation> = Refusal<
  Extract<RefusalCode, Op["refusals"][number] | (typeof callerRefusals)[number]>
>;

/** What implements an operation: its output, or one of the refusals it declares. */
export type Handler<Op extends Operation> = (
  asked: Asked<Op>,
) => Promise<Outcome<z.input<Op["output"]>, RefusalOf<Op>>>;

/** The types of an operation as tRPC keeps them. */
type Def<Op extends Operation> = { meta: object; input: z.input<Op["input"]>; output: z.output<Op["output"]> };

/** The procedure that an operation asks for. */
export type ProcedureOf<Op extends Operation> = Op["kind"] extends "query"
  ? TRPCQueryProcedure<Def<Op>>
  : TRPCMutationProcedure<Def<Op>>;

/** One procedure for every operation, no more and no less. */
export type Procedures = {
  [Noun in keyof Operations]: {
    [Verb in keyof Operations[Noun]]: Operations[Noun][Verb] extends Operation
      ? ProcedureOf<Operations[Noun][Verb]>
      : never;
  };
};

/**
 * The joiner: an operation and its handler become a procedure. There is no other way to make one.
 * The order is: who is calling, then what is asked, then the handler, then the check of what goes out
 * (a field that the contract does not name never leaves).
 */
export function implement<const Op extends Operation>(op: Op, handler: Handler<Op>): ProcedureOf<Op> {
  const procedure = t.procedure
    .use(async ({ ctx, next }) => next({ ctx: { who: op.caller === "user" ? await ctx.caller() : undefined } }))
    .input(op.input)
    .output(op.output);
  const resolve = async ({ ctx, input }: { ctx: Context & { who: Caller | undefined }; input: unknown }) => {
    const outcome = await handler({
      input: input as z.output<Op["input"]>,
      caller: ctx.who as Asked<Op>["caller"],
      idempotencyKey: op.idempotent ? agreedKey(ctx, input) : undefined,
      markReplayed: () => {
        if (ctx.calls === 1) ctx.replyHeaders.set("Idempotency-Replayed", "true");
      },
    });
    if (!outcome.ok) throw refused(outcome.refusal);
    return outcome.value;
  };
  const built = op.kind === "query" ? procedure.query(resolve) : procedure.mutation(resolve);
  return built as unknown as ProcedureOf<Op>;
}

/** The key from the input or the header; when both are there they agree. */
function agreedKey(ctx: Context, input: unknown): string | undefined {
  const fromInput = (input as { idempotencyKey?: string }).idempotencyKey;
  if (ctx.idempotencyKey === undefined) return fromInput;
  if (ctx.calls > 1)
    throw keyIssue(
      "批量请求中请在每个调用的参数里传 idempotencyKey",
      "in a batch, send it in the input of each call instead of the header",
    );
  const parsed = zIdempotencyKey.safeParse(ctx.idempotencyKey);
  if (!parsed.success) {
    const issues = fieldIssues(parsed.error).map((issue) => ({ ...issue, path: "Idempotency-Key" }));
    throw new RefusalError({ code: "VALIDATION_FAILED", issues });
  }
  if (fromInput !== undefined && fromInput !== parsed.data) {
    throw keyIssue("与 Idempotency-Key 请求头不一致", "differs from the Idempotency-Key header");
  }
  return parsed.data;
}

const keyIssue = (zh: string, en: string) =>
  new RefusalError({ code: "VALIDATION_FAILED", issues: [{ path: "idempotencyKey", message: bilingual({ zh, en }) }] });

const refused = (refusal: Refusal): TRPCError =>
  new TRPCError({
    code: trpcCodes[lookOf(refusal).status] ?? "INTERNAL_SERVER_ERROR",
    cause: new RefusalError(refusal),
  });

/** Builds the router from one procedure for each operation. */
export const buildRouter = (procedures: Procedures) => t.router(procedures);

/** Makes a router callable from the REST adapter. */
export const createCallerFactory = t.createCallerFactory;
