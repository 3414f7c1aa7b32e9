import { isoTime } from "../../values/iso-time.ts";
import { toNewLog } from "../logs/new-log.ts";
import { type Customer, callerOf } from "./people.ts";
import type { World } from "./world.ts";

const prompts = [
  "A cat plays the piano in the rain, neon lights, cinematic",
  "Aerial view of terraced rice fields at sunrise",
  "一只橘猫在雨夜弹钢琴，霓虹灯，电影感",
  "水墨风格的江南小镇，清晨薄雾",
  "Product shot of a ceramic teapot on linen, soft light",
  "A paper boat sails through a city street, stop motion",
  "宇航员在月球上骑自行车，超广角",
  "A lighthouse in a storm, oil painting",
  "机械蝴蝶停在樱花枝头，微距摄影",
  "Welcome to our spring collection, warm female voice",
  "Two robots share an umbrella, watercolour",
  "雪山下的木屋，炊烟，航拍镜头",
] as const;

const failures = ["upstream timeout", "content filter", "model overloaded", "invalid frame count"] as const;

/** A call of a model on behalf of a customer. */
type Call = {
  readonly customer: Customer;
  readonly action: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly model: string;
  readonly success: boolean;
  readonly durationMs: number;
  readonly startedAtMs: number;
  readonly transactionId?: string;
  readonly holdId?: string;
};

/** Reports a call to the log, as the site does when it is over. */
export function reportCall({ random, logDeps, logs }: World, call: Call): void {
  const { customer, action, params, model, success, durationMs, startedAtMs, transactionId, holdId } = call;
  const caller = callerOf(customer.id);
  const details = {
    ...{ model, prompt: random.pick(prompts), params },
    ...(success
      ? { output: `https://media.demo.example/${random.between(100_000, 999_999)}` }
      : { error: random.pick(failures) }),
  };
  const entry = {
    ...{ userId: customer.id, action, success, durationMs, timestamp: isoTime(startedAtMs), details },
    ...(transactionId !== undefined && { transactionId }),
    ...(holdId !== undefined && { holdId }),
  };
  logs.push(toNewLog(logDeps, entry, caller).log);
}

/** Logs of one call of the store. */
const STEP = 500;

/** Writes the logs that were reported, the oldest first. */
export async function writeCalls({ database, logs, untilMs }: World): Promise<void> {
  await database.logs.makePlaces(
    untilMs,
    logs.map(({ countedAtMs }) => countedAtMs),
  );
  for (let at = 0; at < logs.length; at += STEP) await database.logs.write(logs.slice(at, at + STEP));
}
