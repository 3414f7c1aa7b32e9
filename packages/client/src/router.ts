import type { ErrorBody, Operation, Operations } from "@jifen/contract";
import type {
  inferRouterInputs,
  inferRouterOutputs,
  TRPCBuiltRouter,
  TRPCDefaultErrorData,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from "@trpc/server";

/** What stands in `error.data` of an answer: tRPC's own fields, and the refusal under `app`. */
export type JifenErrorData = TRPCDefaultErrorData & { app: ErrorBody };

/** An error as tRPC carries it. */
export type JifenErrorShape = TRPCDefaultErrorShape & { data: JifenErrorData };

// `_zod` holds the types of a schema; read like this, no value of zod is needed, and no version of it is named.
type Def<Op extends Operation> = {
  meta: object;
  input: Op["input"]["_zod"]["input"];
  output: Op["output"]["_zod"]["output"];
};

type ProcedureOf<Op extends Operation> = Op["kind"] extends "query"
  ? TRPCQueryProcedure<Def<Op>>
  : TRPCMutationProcedure<Def<Op>>;

type Procedures = {
  [Noun in keyof Operations]: {
    [Verb in keyof Operations[Noun]]: Operations[Noun][Verb] extends Operation
      ? ProcedureOf<Operations[Noun][Verb]>
      : never;
  };
};

/**
 * The router of the server, made from the contract alone: whatever an operation declares is what
 * the client accepts and returns, without a line of the server's code.
 */
export type JifenRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: JifenErrorShape; transformer: true },
  Procedures
>;

/** What each procedure takes: `JifenInputs["credits"]["consume"]`. */
export type JifenInputs = inferRouterInputs<JifenRouter>;

/** What each procedure returns: `JifenOutputs["credits"]["balance"]`. */
export type JifenOutputs = inferRouterOutputs<JifenRouter>;
