import type { operations, RefusalCode } from "@jifen/contract";
import { refusalOf } from "../../http/error-response.ts";
import type { Handler } from "../../trpc/handler.ts";
import type { LogMeter } from "./log-meter.ts";

type CreateHandler = Handler<typeof operations.logs.create>;
type BatchHandler = Handler<typeof operations.logs.batch>;
type Meter = Pick<LogMeter, "written" | "replayed" | "refused">;

/** Counts the log of each request. */
export const countingOne =
  (meter: Meter, handler: CreateHandler): CreateHandler =>
  async (request) => {
    const outcome = await countingThrown(meter, 1, () => handler(request));
    if (!outcome.ok) meter.refused(outcome.refusal.code, 1);
    else if (outcome.replayed) meter.replayed(1);
    else meter.written(1);
    return outcome;
  };

/** Counts each log of a request. */
export const countingAll =
  (meter: Meter, handler: BatchHandler): BatchHandler =>
  async (request) => {
    const { length } = request.input.logs;
    const outcome = await countingThrown(meter, length, () => handler(request));
    if (!outcome.ok) {
      meter.refused(outcome.refusal.code, length);
      return outcome;
    }
    const { written, replayed, results } = outcome.value;
    meter.written(written);
    meter.replayed(replayed);
    for (const result of results) if ("code" in result) meter.refused(result.code, 1);
    return outcome;
  };

/** Counts the logs of a request that ends with an error, such as OVERLOADED. */
async function countingThrown<Result>(meter: Meter, logs: number, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const { code }: { readonly code: RefusalCode } = refusalOf(error);
    meter.refused(code, logs);
    throw error;
  }
}
