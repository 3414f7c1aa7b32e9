import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readStatement } from "../use-cases/read-statement.ts";
import { renderings } from "./renderings.ts";

/** Reads the statement of a month of any user, for staff. */
export const adminFind = (deps: Deps) =>
  implement(
    operations.adminStatements.find,
    async ({ input }) => {
      const user = userId(input.userId);
      if (!(await deps.userCache.find(user))) return refuse({ code: "USER_NOT_FOUND" });
      return readStatement(deps, { ...input, userId: user });
    },
    renderings,
  );
