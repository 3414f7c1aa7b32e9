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

/** tRPC's own names for the statuses of our table. */
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

/** As superjson writes what JSON can say by itself, which all of our answers are: it need not look through them first. */
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
    // Without a context the request could not even be read; its id is in the X-Request-Id header.
    const app = toErrorBody(refusal, { language: ctx?.language() ?? "zh", requestId: ctx?.requestId ?? "" });
    const { status } = specOf(refusal);
    const data = { code: trpcCodes[status] ?? shape.data.code, path: shape.data.path, httpStatus: status, app };
    return { ...shape, message: app.message, data };
  },
});

/** The types of an operation as tRPC keeps them. */
type Def<Op extends Operation> = { meta: object; input: z.input<Op["input"]>; output: z.output<Op["output"]> };

/** The procedure that an operation asks for. */
type ProcedureOf<Op extends Operation> = Op["kind"] extends "query"
  ? TRPCQueryProcedure<Def<Op>>
  : TRPCMutationProcedure<Def<Op>>;

/** What is sent to an operation. Read only once the caller is known, and refused only to a caller who is. */
type Read = () => Outcome<unknown, Refusal> | Promise<Outcome<unknown, Refusal>>;

/** What a REST address needs of an operation: all of its checks, and nothing of tRPC. */
export type Runnable = {
  readonly operation: Operation;
  /** Who is calling, then what is asked, then the handler, then the check of what goes out. */
  readonly run: (ctx: Context, read: Read) => Promise<Outcome<unknown, Refusal>>;
};

/** A procedure that can be run without tRPC too. */
export type Implemented<Op extends Operation> = ProcedureOf<Op> & Runnable;

/** One procedure for every operation, no more and no less. */
export type Procedures = {
  [Noun in keyof Operations]: {
    [Verb in keyof Operations[Noun]]: Operations[Noun][Verb] extends Operation
      ? Implemented<Operations[Noun][Verb]>
      : never;
  };
};

/**
 * The joiner: an operation and its handler become a procedure. There is no other way to make one.
 * The order of `run` is the order of every transport: who is calling, whether too often, then what is asked, then the handler, then the
 * check of what goes out (a field that the contract does not name never leaves).
 */
export function implement<const Op extends Operation>(op: Op, handler: Handler<Op>): Implemented<Op> {
  const run: Runnable["run"] = async (ctx, read) => {
    const who = op.caller === "anyone" ? undefined : await ctx.caller();
    const counted = await ctx.count(who?.ok ? who.value : undefined);
    if (!counted.ok) return counted;
    if (who && !who.ok) return who;
    if (op.caller !== "anyone" && who && !mayCall(op.caller, who.value)) {
      return refuse({ code: "FORBIDDEN", roles: op.caller.roles, scope: op.caller.scope });
    }
    const sent = await read();
    if (!sent.ok) return sent;
    const parsed = op.input.safeParse(sent.value);
    if (!parsed.success) return refuse({ code: "VALIDATION_FAILED", issues: fieldIssues(parsed.error) });
    const key = op.idempotent ? agreedKey(ctx, parsed.data) : ok(undefined);
    if (!key.ok) return key;
    const outcome = await handler({
      input: parsed.data as z.output<Op["input"]>,
      caller: who?.value as HandlerRequest<Op>["caller"],
      requestId: ctx.requestId,
      language: ctx.language,
      address: ctx.address,
      idempotencyKey: key.value,
    });
    if (!outcome.ok) return outcome;
    // The results of a batch share their headers, so a header about one of them would be wrong.
    if (outcome.replayed && ctx.calls === 1) ctx.setReplyHeader("Idempotency-Replayed", "true");
    return ok(op.output.parse(outcome.value));
  };

  const call = async ({ ctx, getRawInput }: Call) => {
    const outcome = await run(ctx, async () => ok(await getRawInput()));
    if (!outcome.ok) throw refused(outcome.refusal);
    return outcome.value;
  };
  const procedure = t.procedure.experimental_caller(({ args: [called] }) => call(called as Call));
  const built = op.kind === "query" ? procedure.query(neverResolved) : procedure.mutation(neverResolved);
  return Object.assign(built as unknown as ProcedureOf<Op>, { operation: op, run });
}

/** The key from the input or the header; when both are there they agree. */
function agreedKey(ctx: Context, input: unknown): Outcome<string | undefined, Refusal> {
  const fromInput = (input as { idempotencyKey?: string }).idempotencyKey;
  const fromHeader = ctx.idempotencyKey();
  if (fromHeader === undefined) return ok(fromInput);
  if (ctx.calls > 1)
    return keyIssue(
      "批量请求中请在每个调用的参数里传 idempotencyKey",
      "in a batch, send it in the input of each call instead of the header",
    );
  const parsed = zIdempotencyKey.safeParse(fromHeader);
  if (!parsed.success) {
    const issues = fieldIssues(parsed.error).map((issue) => ({ ...issue, path: "Idempotency-Key" }));
    return refuse({ code: "VALIDATION_FAILED", issues });
  }
  if (fromInput !== undefined && fromInput !== parsed.data) {
    return keyIssue("与 Idempotency-Key 请求头不一致", "differs from the Idempotency-Key header");
  }
  return ok(parsed.data);
}

const keyIssue = (zh: string, en: string) =>
  refuse<Refusal>({ code: "VALIDATION_FAILED", issues: [{ path: "idempotencyKey", message: bilingual({ zh, en }) }] });

const refused = (refusal: Refusal): TRPCError =>
  new TRPCError({
    code: trpcCodes[specOf(refusal).status] ?? "INTERNAL_SERVER_ERROR",
    cause: new RefusalError(refusal),
  });

/** One call as tRPC hands it over, its input as it came. */
type Call = { readonly ctx: Context; readonly getRawInput: () => Promise<unknown> };

/** tRPC's way through middlewares to a resolver copies the context at every step, and `run` is all the steps there are. */
const neverResolved = (): never => {
  throw new Error("a procedure is called, not resolved");
};

/** Builds the router from one procedure for each operation. */
export const buildRouter = (procedures: Procedures) => t.router(procedures);

/** The type of the router. */
export type AppRouter = ReturnType<typeof buildRouter>;
