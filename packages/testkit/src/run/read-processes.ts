import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/** What the system says about a process. */
export type Entry = {
  readonly pid: number;
  readonly uid: number;
  readonly session: string;
  /** Whether its session has a controlling terminal. */
  readonly hasTerminal: boolean;
  /** Its TMPDIR, or the empty text; undefined when its environment cannot be read. */
  readonly temporary: string | undefined;
  readonly command: readonly string[];
};

/** Every process of the machine whose state can be read. */
export const readProcesses = (): readonly Entry[] => (existsSync("/proc/self/environ") ? readProc() : readPs());

/** Linux. */
const readProc = (): readonly Entry[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => orNone(() => readEntry(pid)));

function readEntry(pid: string): readonly Entry[] {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8");
  // The name of the program is in brackets and can contain any character.
  const stat = read("stat");
  const [, , , session = "", terminal] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return [
    {
      pid: Number(pid),
      uid: statSync(`/proc/${pid}`).uid,
      session,
      hasTerminal: terminal !== "0",
      temporary: orNone(() => [temporaryIn(read("environ").split("\0").filter(Boolean))])[0],
      // Chromium joins its arguments with spaces.
      command: read("cmdline").split(/[\0 ]/),
    },
  ];
}

/** Chromium and PostgreSQL write their title over their environment: what is left of it says nothing. */
const temporaryIn = (environment: readonly string[]): string | undefined =>
  environment.length > 0 && environment.every((variable) => /^[^\s=-][^\s=]*=/.test(variable))
    ? (environment.find((variable) => variable.startsWith(TMPDIR))?.slice(TMPDIR.length) ?? "")
    : undefined;

const TMPDIR = "TMPDIR=";

/** macOS: the command, followed by the environment where it can be read, which always has TMPDIR. */
const readPs = (): readonly Entry[] =>
  execFileSync("ps", ["-axww", "-E", "-o", "pid=,uid=,sess=,tty=,command="], { encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [pid, uid, session = "", terminal, ...words] = line.trim().split(/\s+/);
      const temporary = words.findLast((word) => word.startsWith(TMPDIR))?.slice(TMPDIR.length);
      const hasTerminal = terminal !== "??";
      return { pid: Number(pid), uid: Number(uid), session, hasTerminal, temporary, command: words };
    });

/** A process that has just ended, and an environment of another user, cannot be read. */
function orNone<Value>(read: () => readonly Value[]): readonly Value[] {
  try {
    return read();
  } catch {
    return [];
  }
}
