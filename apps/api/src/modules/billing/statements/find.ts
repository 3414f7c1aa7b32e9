import { operations } from "@jifen/contract";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readStatement } from "../use-cases/read-statement.ts";
import { renderings } from "./renderings.ts";

/** Reads the statement of a month of the caller. */
export const find = (deps: Deps) =>
  implement(
    operations.statements.find,
    ({ input, caller }) => readStatement(deps, { ...input, userId: caller.userId }),
    renderings,
  );
