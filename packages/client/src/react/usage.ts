import type { JifenInputs, JifenOutputs } from "../router.ts";
import { type Loaded, useLoaded } from "./loaded.ts";

/** What was spent by day or month. */
export type Usage = JifenOutputs["credits"]["usage"];

/** What the user spent, or was refunded, by day or month: `useUsage({ from: "2026-11-01", to: "2026-12-01" })`. */
export const useUsage = (range: JifenInputs["credits"]["usage"]): Loaded<Usage> =>
  useLoaded({
    path: "credits.usage",
    input: range,
    read: (jifen, signal) => jifen.credits.usage.query(range, { signal }),
  });
