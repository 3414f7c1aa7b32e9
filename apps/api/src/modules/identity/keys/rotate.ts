import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { rotateKey } from "../use-cases/issue-key.ts";
import { managedKey } from "./find-managed-key.ts";

/** Gives a key another secret; the one it has works a while longer. */
export const rotate = (deps: Deps) =>
  implement(operations.keys.rotate, async ({ input: { keyId, overlapSeconds }, caller, requestId }) => {
    const found = await managedKey(deps, caller, keyId);
    if (!found.ok) return found;
    const rotated = await rotateKey(deps, { id: keyId, overlapSeconds }, { actor: caller.actor, requestId });
    deps.keys.forget(keyId);
    if (!rotated) return refuse({ code: "KEY_REVOKED" });
    return ok({ keyId, key: rotated.text, previousUntil: isoTime(rotated.previousUntilMs) });
  });
