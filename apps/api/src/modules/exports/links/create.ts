import { operations, type Refusal } from "@jifen/contract";
import { invariant, ok, refuse } from "@jifen/core";
import type { HandlerRefusal } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { invalidField } from "../../../values/invalid-field.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "./deps.ts";

const { create: operation } = operations.exports;

/** Creates a link to a file. The stream itself checks the caller and the input, now and when the link is used. */
export const create = ({ exportLinks, streams, userCache, publicUrl }: Deps) =>
  implement(operation, async ({ input, caller, language, requestId, address }) => {
    const { what, scope, format, filter } = input;
    if (what === "transactions" && scope === "all") {
      return invalidField("scope", { zh: "积分流水只能是 own", en: "must be own for transactions" });
    }
    const { session } = caller;
    const user = await userCache.find(caller.userId);
    if (!user) return refuse({ code: "USER_NOT_FOUND" });
    invariant(session !== null, "no service key can create a link");
    const stream = what === "transactions" ? what : scope === "own" ? "logs" : "adminLogs";
    const request = { ...filter, format };
    const asCaller = {
      ...{ requestId, language, address },
      caller: async () => ok(caller),
      callerWithNewRole: async () => ok(caller),
      // The owner of a session exists, and the call of this operation was counted.
      provisionUser: async () => ok(undefined),
      count: async () => ok(undefined),
    };
    const { signal } = new AbortController();
    const facts = { header: () => undefined, signal, stopping: signal };
    // A stream starts its work in `start`, which is not called here.
    const prepared = await streams[stream].export.run(asCaller, { ...facts, readInput: () => ok(request) });
    if (!prepared.ok) return refuse(aboutFilter(prepared.refusal));
    const { token, expiresAtMs } = await exportLinks.issue({
      ...{ userId: caller.userId, version: user.tokenVersion, sessionId: session.jti, role: caller.role },
      ...{ stream, input: request, language: language() },
    });
    return ok({ url: `${publicUrl()}/exports/${token}`, expiresAt: isoTime(expiresAtMs) });
  });

/** A refusal of the stream, whose fields are in the filter here. It declares none that this operation does not. */
function aboutFilter(refusal: Refusal): HandlerRefusal<typeof operation> {
  if (refusal.code !== "VALIDATION_FAILED") return refusal as HandlerRefusal<typeof operation>;
  return { ...refusal, issues: refusal.issues.map(({ path, message }) => ({ path: `filter.${path}`, message })) };
}
