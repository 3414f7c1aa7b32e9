import { setTimeout as sleep } from "node:timers/promises";

/** The longest time that the event loop was blocked while `work` ran. */
export async function longestBlock(work: Promise<unknown>): Promise<number> {
  let [longest, last, isDone] = [0, performance.now(), false];
  void work.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  while (!isDone) {
    await sleep(5);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  return longest;
}
