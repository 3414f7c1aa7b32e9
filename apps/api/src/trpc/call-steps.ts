import type { Access, Operation, Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { z } from "zod";
import { fieldIssues } from "../http/error-response.ts";
import { type Caller, mayCall } from "../modules/identity/credentials/caller.ts";
import { nullRemover } from "./absent-fields.ts";
import type { Context } from "./context.ts";

/** Provides the raw input. It runs after authentication and authorization, so its refusals reach only permitted callers. */
export type ReadInput = () => Outcome<unknown, Refusal> | Promise<Outcome<unknown, Refusal>>;

/** What of a request decides whether it may be called. */
type CallerContext = Pick<Context, "caller" | "callerWithNewRole" | "count">;

/**
 * Authenticates, counts and authorizes a call, in this order, whatever its transport and the form of its response.
 * @returns the caller; undefined where none is needed. Refuses what `Context.caller` refuses, RATE_LIMITED, FORBIDDEN.
 */
export async function authorizeCall(
  ctx: CallerContext,
  access: Operation["caller"],
): Promise<Outcome<Caller | undefined, Refusal>> {
  const authenticated = access === "anyone" ? undefined : await ctx.caller();
  const counted = await ctx.count(authenticated?.ok ? authenticated.value : undefined);
  if (!counted.ok) return counted;
  if (access === "anyone" || !authenticated) return ok(undefined);
  if (!authenticated.ok || mayCall(access, authenticated.value)) return authenticated;
  return authorizeAgain(ctx, access, authenticated.value);
}

/** Authorizes a caller whose cached role lacks the permission of an operation. Refuses: FORBIDDEN. */
async function authorizeAgain(ctx: CallerContext, access: Access, caller: Caller): Promise<Outcome<Caller, Refusal>> {
  const again = await ctx.callerWithNewRole(caller);
  if (!again.ok || mayCall(access, again.value)) return again;
  return refuse({ code: "FORBIDDEN", missing: missingFor(access, again.value), ...sufficient(access) });
}

const sufficient = ({ roles, scope }: Access) => ({ roles, scope });

/** What a caller lacks who may not call. */
function missingFor({ roles, scope }: Access, { role }: Caller): Refusal<"FORBIDDEN">["missing"] {
  if (!roles.includes(role)) return "role";
  return scope === null ? "person" : "scope";
}

/** Makes the step that reads and validates the input of an operation. Refuses what `readInput` refuses, VALIDATION_FAILED. */
export function inputParser<const Op extends Pick<Operation, "input">>(
  op: Op,
): (readInput: ReadInput) => Promise<Outcome<z.output<Op["input"]>, Refusal>> {
  const withoutNulls = nullRemover(op);
  return async (readInput) => {
    const raw = await readInput();
    if (!raw.ok) return raw;
    const parsed = op.input.safeParse(withoutNulls(raw.value));
    if (!parsed.success) return refuse({ code: "VALIDATION_FAILED", issues: fieldIssues(parsed.error) });
    return ok(parsed.data as z.output<Op["input"]>);
  };
}
