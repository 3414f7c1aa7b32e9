import { randomUUID } from "node:crypto";
import { userId } from "@jifen/core";
import { idBound, type NewCallLog } from "@jifen/database";

/** Users and actions of the logs. The first of each has many times as many logs as the last: uniform data would hide both
 * what a busy user costs and what rows of sums save. */
const USERS = 5_000;
const ACTIONS = 30;

/** How the tables of the results call this workload. */
export const logSpread = "5,000 users";

/** Cumulative shares by Zipf's law: the n-th has 1/n of what the first has. */
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

const [users, actions] = [zipf(USERS), zipf(ACTIONS)];

/** The user at this rank: 0 is the busiest. */
export const userAt = (rank: number) => userId(`user${rank}@bench.example`);
/** The action at this rank. */
export const actionAt = (rank: number): string => `action_${rank}`;

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
    userId: userAt(pick(users)),
    idempotencyKey: uuid,
    action: actionAt(pick(actions)),
    success: Math.random() >= 0.08,
    durationMs: Math.round(4_000 * Math.exp(Math.random() * 3)),
    subjectId: Math.random() < 0.5 ? `txn-${uuid}` : null,
    reference: null,
  };
}
