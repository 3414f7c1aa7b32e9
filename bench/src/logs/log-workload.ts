import { randomUUID } from "node:crypto";
import { userId } from "@jifen/core";
import { idBound, type NewCallLog } from "@jifen/database";

/** Users and actions of the logs. The first of each has many times as many logs as the last: uniform data would hide both
 * what a busy user costs and what rows of sums save. */
export const USERS = 5_000;
const ACTIONS = 30;

/** How the tables of the results call this workload. */
export const logSpread = "5,000 users";

/** Cumulative shares by Zipf's law: the n-th has 1/n of what the first has. The last share is 1. */
function zipf(count: number): readonly number[] {
  let sum = 0;
  const weights = Array.from({ length: count }, (_, at) => (sum += 1 / (at + 1)));
  return weights.map((weight) => weight / sum);
}

function pick(shares: readonly number[]): number {
  const share = Math.random();
  let [low, high] = [0, shares.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shares[middle] ?? 1) < share) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The cumulative shares of users and of actions, the busiest first. */
export const [userShares, actionShares] = [zipf(USERS), zipf(ACTIONS)];

/** The user at this rank: 0 is the busiest. */
export const userAt = (rank: number) => userId(`user${rank}@bench.example`);
/** The action at this rank. */
export const actionAt = (rank: number): string => `action_${rank}`;

/** Durations are between these milliseconds and e to this power of it. */
export const [SHORTEST_MS, DURATION_EXPONENT] = [4_000, 3];

/** Shares of failures, and of logs that name a transaction. */
export const [FAILURES, WITH_SUBJECT] = [0.08, 0.5];

const details = JSON.stringify({
  prompt: "一只在雪地里奔跑的猫，电影感，4K",
  model: "video-2",
  size: "1280x720",
  seed: "x".repeat(250),
});
const detailsBytes = Buffer.byteLength(details);

/** A log of a random user: 8 % failures, half of them with a transaction, 400 bytes of details. */
export function randomLog(countedAtMs: number = Date.now()): NewCallLog {
  const uuid = randomUUID();
  const id = `${idBound(countedAtMs)}-7${uuid.slice(15)}`;
  return {
    ...{ id, arrivalId: id, countedAtMs, occurredAtMs: countedAtMs, createdAtMs: countedAtMs, details, detailsBytes },
    userId: userAt(pick(userShares)),
    idempotencyKey: uuid,
    action: actionAt(pick(actionShares)),
    success: Math.random() >= FAILURES,
    durationMs: Math.round(SHORTEST_MS * Math.exp(Math.random() * DURATION_EXPONENT)),
    subjectId: Math.random() < WITH_SUBJECT ? `txn-${uuid}` : null,
    reference: null,
  };
}
