import { isoTime } from "../../values/iso-time.ts";
import type { Running } from "./audit-runner.ts";

/** An audit that is running, as responses have it. */
export const toRunning = ({ id, startedAtMs, accounts }: Running) => ({
  runId: id,
  startedAt: isoTime(startedAtMs),
  accounts,
});
