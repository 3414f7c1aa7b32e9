import { Overloaded } from "@jifen/ledger";

/** Runs works of the same key one after the other, and those of different keys concurrently. */
type Turns = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * Lets the works of a process that change the same row take turns: each of them would otherwise keep a connection while it
 * waits for the row, or lose to the others and begin again. Other processes still meet at the row itself.
 * @param mostWaiting how many works of one key can wait; the next one is refused with Overloaded
 */
export function createTurns(mostWaiting: number): Turns {
  const queues = new Map<string, { readonly last: Promise<unknown>; readonly waiting: number }>();
  return async (key, work) => {
    const { last = Promise.resolve(), waiting = 0 } = queues.get(key) ?? {};
    if (waiting > mostWaiting) throw new Overloaded(`${waiting} works are waiting for ${key}`);
    const result = last.then(work, work);
    queues.set(key, { last: result, waiting: waiting + 1 });
    try {
      return await result;
    } finally {
      const queue = queues.get(key);
      if (queue?.last === result) queues.delete(key);
      else if (queue) queues.set(key, { ...queue, waiting: queue.waiting - 1 });
    }
  };
}
