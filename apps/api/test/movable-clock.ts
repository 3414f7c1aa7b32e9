import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The clock of a server that a test sets ahead while it runs. Timers go on at their own speed. */
export type MovableClock = Disposable & {
  /** The environment with which the server starts. */
  readonly env: { readonly NODE_OPTIONS: string };
  /** Milliseconds since 1970 by this clock. */
  now(): number;
  /** How far it is ahead, in milliseconds. */
  aheadMs(): number;
  /** Sets it ahead by `byMs` more, and waits until the server has seen it. */
  move(byMs: number): Promise<void>;
};

/** How often the server reads how far its clock is ahead. */
const READ_MS = 20;

/** A module that runs before the server: its clock is ahead by what is in a file. */
const moduleFor = (file: string) => `
  import { readFileSync } from "node:fs";
  const RealDate = Date;
  let aheadMs = 0;
  const read = () => { aheadMs = Number(readFileSync(${JSON.stringify(file)}, "utf8")) || aheadMs; };
  read();
  setInterval(read, ${READ_MS}).unref();
  globalThis.Date = class extends RealDate {
    constructor(...parts) { parts.length === 0 ? super(RealDate.now() + aheadMs) : super(...parts); }
    static now() { return RealDate.now() + aheadMs; }
  };
`;

/** Makes a clock that is right until it is moved. */
export function createMovableClock(): MovableClock {
  const folder = mkdtempSync(join(tmpdir(), "jifen-clock-"));
  const file = join(folder, "ahead");
  writeFileSync(file, "0");
  const aheadMs = () => Number(readFileSync(file, "utf8"));
  return {
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(moduleFor(file))}` },
    aheadMs,
    now: () => Date.now() + aheadMs(),
    move: async (byMs) => {
      writeFileSync(file, String(aheadMs() + byMs));
      await sleep(3 * READ_MS);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
