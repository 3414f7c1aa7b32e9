import { setTimeout } from "node:timers/promises";
import type { FaultProxy } from "@jifen/testkit/processes";
import type { Random } from "./random.ts";

/** Which connections are lost, and how many. */
type Losses = {
  readonly word: string;
  readonly losses: number;
  readonly random: Random;
  readonly say: (what: string) => void;
};

/** While the database is reachable, the server mostly finds out the outcome of a lost write itself. */
const GONE_EVERY = 50;
/** Longer than the server retries to find out an outcome. */
const GONE_MS = 1_500;

/**
 * Loses connections at requests that contain `word`, half of them before the request is sent and half after it was answered.
 * Sometimes the database stays away for a while. @throws Error when too few were lost in time
 */
export async function loseConnections(proxy: FaultProxy, { word, losses, random, say }: Losses): Promise<void> {
  const deadline = Date.now() + 30_000 + losses * 500;
  for (let loss = 0; loss < losses && Date.now() < deadline; loss += 1) {
    const isGone = loss % GONE_EVERY === GONE_EVERY - 1;
    const moment = loss % 2 === 0 ? "before it is sent" : "after it is answered";
    proxy.loseConnectionAt(word, moment, isGone ? "gone" : "there");
    while (proxy.lostConnections() <= loss && Date.now() < deadline) await setTimeout(1);
    // With the short pauses, a loss also hits the attempt to find out the outcome of the last one.
    await setTimeout(random.of([0, 15, 30, 60]));
    if (isGone) {
      await setTimeout(GONE_MS);
      await proxy.restore();
    }
  }
  const lost = proxy.lostConnections();
  if (losses > 0) say(`${lost} connections were lost at a write`);
  if (lost < losses) throw new Error(`only ${lost} of ${losses} connections were lost in time`);
}
