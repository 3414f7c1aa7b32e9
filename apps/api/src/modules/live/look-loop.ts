import { setTimeout as sleep } from "node:timers/promises";

/** How long things are collected before they are looked at, and between two looks. */
const PAUSE_MS = 100;
/** How long to wait after a look that failed, such as when the database does not answer. */
const FAILURE_PAUSE_MS = 1_000;
/** How many things one look includes. */
const MAX_IN_LOOK = 200;

/** Looks at things that may have changed, many at a time. */
export type LookLoop<Thing> = {
  /** Notes that a thing may have changed. It is looked at soon, again if a look at it is running. */
  mark(thing: Thing): void;
  /** Forgets a thing. */
  forget(thing: Thing): void;
  stop(): void;
};

/** Creates a loop that rests while nothing is marked. @param look what fails is marked again */
export function createLookLoop<Thing>(look: (things: readonly Thing[]) => Promise<void>): LookLoop<Thing> {
  const marked = new Set<Thing>();
  let [isRunning, isStopped] = [false, false];

  const run = async () => {
    isRunning = true;
    for (let pauseMs = PAUSE_MS; marked.size > 0 && !isStopped; ) {
      await sleep(pauseMs, undefined, { ref: false });
      const things = [...marked].slice(0, MAX_IN_LOOK);
      for (const thing of things) marked.delete(thing);
      pauseMs = (await isDone(look, things)) ? PAUSE_MS : FAILURE_PAUSE_MS;
      if (pauseMs === FAILURE_PAUSE_MS) for (const thing of things) marked.add(thing);
    }
    isRunning = false;
  };
  return {
    mark: (thing) => {
      marked.add(thing);
      if (!isRunning && !isStopped) void run();
    },
    forget: (thing) => void marked.delete(thing),
    stop: () => {
      isStopped = true;
    },
  };
}

const isDone = <Thing>(look: (things: readonly Thing[]) => Promise<void>, things: readonly Thing[]) =>
  look(things).then(
    () => true,
    () => false,
  );
