import { setTimeout } from "node:timers/promises";
import { callRest, type RestAnswer } from "@jifen/testkit/processes";

/** A request that can be repeated. */
export type PersistentCall = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token: string;
  readonly body?: object;
  readonly key?: string;
};

/** Longer than a payment channel is left alone after failures, and a row to a process that was killed. */
const WITHIN_MS = 150_000;
const TIMEOUT_MS = 20_000;

/**
 * Repeats a request until it is answered with anything but 503. @param url of a server, which may be down
 * @throws Error when it is not answered in time
 */
export async function callUntilAnswered(url: () => string, call: PersistentCall): Promise<RestAnswer> {
  for (const beganMs = Date.now(); ; ) {
    const answer = await tryOnce(url(), call);
    if (typeof answer !== "string" && answer.status !== 503) return answer;
    if (Date.now() - beganMs > WITHIN_MS) {
      const last = typeof answer === "string" ? answer : `${answer.status} ${JSON.stringify(answer.body)}`;
      throw new Error(`${call.method} ${call.path} was not answered within ${WITHIN_MS} ms: ${last.slice(0, 300)}`);
    }
    await setTimeout(100 + Math.random() * 200);
  }
}

async function tryOnce(url: string, { method, path, token, body, key }: PersistentCall): Promise<RestAnswer | string> {
  try {
    return await callRest(url, method, path, {
      ...{ token, signal: AbortSignal.timeout(TIMEOUT_MS) },
      ...(body && { body }),
      ...(key !== undefined && { headers: { "idempotency-key": key } }),
    });
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}
