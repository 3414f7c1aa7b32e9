import { accountOf } from "@jifen/core";
import type { Caller } from "../identity/credentials/caller.ts";
import { isOwnKey, ownerOfCaller } from "../identity/credentials/owner.ts";
import { callerKeys } from "./idempotency-keys.ts";

/** Who sends a command, in which request, and under which key. */
type CallerRequest = {
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
};

/** The fields of every command of a caller on its account. */
export const callerCommand = ({ caller, requestId, idempotencyKey }: CallerRequest) => ({
  accountId: accountOf(caller.userId),
  actor: caller.actor,
  requestId,
  ...callerKeys(caller, idempotencyKey),
});

/** The fields of a caller's command about a hold. A user's own key never resolves a hold whose owner was not stored. */
export const holdCommand = (request: CallerRequest) => ({
  ...callerCommand(request),
  by: ownerOfCaller(request.caller),
  resolvesUnowned: !isOwnKey(request.caller),
});
