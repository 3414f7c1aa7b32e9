import type { Principal } from "../identity/credentials/principal.ts";
import { staffKeys } from "./idempotency-keys.ts";

/** The fields of every command of staff on the account of a user. */
export const staffCommand = (by: Principal, idempotencyKey: string | undefined) => ({
  actor: by.actor,
  requestId: by.requestId,
  ...staffKeys(by, idempotencyKey),
});
