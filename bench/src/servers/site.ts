import { auditBooks, type Tally } from "../consistency-check.ts";
import type { Load } from "../load/load.ts";
import type { Report } from "../report/report.ts";
import type { Scratch } from "../scratch.ts";
import { populate } from "../seed-data.ts";
import { startApi } from "./api-process.ts";

/** Servers at work on one database. */
export type Servers = {
  readonly urls: readonly [string, ...string[]];
  /** Counts what a client was told; answers with one of the codes in `expected` are no findings. */
  heard(load: Load, expected?: readonly string[]): void;
  /** Counts a consume that was confirmed outside of a load. */
  confirmed(): void;
  /** Stops them, and compares the books with what the clients were told since the site was made. */
  stop(): Promise<void>;
};

/** A database with ten thousand users, in front of which servers are put. */
export type Site = { readonly name: string; open(processes: number): Promise<Servers> };

const names = { sqlite: "Jifen on SQLite", postgresql: "Jifen on PostgreSQL", mysql: "Jifen on MySQL" } as const;

/** Makes the tables, by a server that is started for it, and the users. */
export async function createSite(scratch: Scratch, report: Report): Promise<Site> {
  const first = await startApi(scratch.url);
  await populate(scratch);
  await first.stop();

  const name = names[scratch.kind];
  const tally: Tally = { confirmed: 0, unanswered: 0 };
  const heard: Servers["heard"] = (load, expected = []) => {
    tally.confirmed += load.confirmed;
    tally.unanswered += load.unanswered;
    for (const [code, times] of Object.entries(load.failed)) {
      if (!expected.includes(code)) report.finding(`${name}: ${times} answers with ${code}, which are in no rate`);
    }
  };
  return {
    name,
    open: async (processes) => {
      const started = await Promise.all(Array.from({ length: processes }, () => startApi(scratch.url)));
      const [url = "", ...others] = started.map((server) => server.url);
      return {
        urls: [url, ...others],
        heard,
        confirmed: () => {
          tally.confirmed += 1;
        },
        stop: async () => {
          await Promise.all(started.map((server) => server.stop()));
          const findings = await auditBooks(scratch, tally);
          for (const finding of findings) report.finding(`${name}: ${finding}`);
          if (findings.length === 0) report.progress(`  ${name}: the books agree`);
        },
      };
    },
  };
}
