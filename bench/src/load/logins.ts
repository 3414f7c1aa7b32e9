import { setTimeout } from "node:timers/promises";
import { askForLogin, SLOW_USER } from "../seed-data.ts";

/** How many logins were asked for, and how many were answered how, by status. */
export type Logins = { readonly asked: number; readonly answers: ReadonlyMap<number, number> };

const TICK_MS = 5;

/** Asks for so many logins a second, whether or not earlier ones have been answered, until `isOver`. Returns when all have. */
export async function logInSteadily(url: string, perSecond: number, isOver: () => boolean): Promise<Logins> {
  const answers = new Map<number, number>();
  const running: Promise<void>[] = [];
  const logIn = async () => {
    const response = await askForLogin(url, SLOW_USER);
    await response.arrayBuffer();
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
  };
  const beganMs = performance.now();
  while (!isOver()) {
    const due = Math.floor(((performance.now() - beganMs) / 1_000) * perSecond);
    while (running.length < due) running.push(logIn());
    await setTimeout(TICK_MS);
  }
  await Promise.all(running);
  return { asked: running.length, answers };
}
