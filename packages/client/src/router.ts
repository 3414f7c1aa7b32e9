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

/** `error.data` of a response: tRPC's own fields, and the refusal in `app`. */
export type JifenErrorData = TRPCDefaultErrorData & { app: ErrorBody };

/** An error in tRPC's shape. */
export type JifenErrorShape = TRPCDefaultErrorShape & { data: JifenErrorData };

// `_zod` contains the types of a schema. Reading them there needs no import of zod and no fixed version of it.
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
 * The type of the server's router, derived from the contract alone: the client accepts and returns what an operation
 * declares, without types of the server's code.
 */
export type JifenRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: JifenErrorShape; transformer: true },
  Procedures
>;

/** The input of each procedure: `JifenInputs["credits"]["consume"]`. */
export type JifenInputs = inferRouterInputs<JifenRouter>;

/** The output of each procedure: `JifenOutputs["credits"]["balance"]`. */
export type JifenOutputs = inferRouterOutputs<JifenRouter>;
