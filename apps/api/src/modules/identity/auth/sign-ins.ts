import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import type { SignInKind } from "../use-cases/keep-sign-in.ts";

/** Lists the last log-ins of the caller. */
export const signIns = ({ database }: Pick<Deps, "database">) =>
  implement(operations.auth.signIns, async ({ caller }) => {
    const kept = await database.users.signIns(caller.userId);
    return ok({ items: kept.map(({ atMs, address, by }) => ({ at: isoTime(atMs), address, by: by as SignInKind })) });
  });
