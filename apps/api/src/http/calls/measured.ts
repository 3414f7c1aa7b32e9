import type { Context as HonoContext } from "hono";
import type { Env } from "../env.ts";
import { requestIdOf } from "../responses.ts";
import type { CallMeter } from "./call-meter.ts";

type Handle = (c: HonoContext<Env>) => Promise<Response>;

const statusOf = ({ status }: Response): number => status;

/** The same handler of requests to one operation, whose calls are counted and timed. */
export const measured =
  (meter: CallMeter, operation: string, handle: Handle): Handle =>
  (c) =>
    meter.measure({ operation, requestId: requestIdOf(c) }, () => handle(c), statusOf);
