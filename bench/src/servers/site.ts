import { startApi } from "./api-process.ts";
import { auditServer, type Tally } from "./books.ts";
import type { Load } from "./load.ts";
import { populate } from "./population.ts";
import type { Subject } from "./rounds.ts";
import type { Scratch } from "./scratch.ts";

/** The server on one database, and what its client was told. */
export type Jifen = {
  readonly subject: Subject;
  /** Counts a consume that was confirmed outside of the load. */
  confirmed(): void;
  /** Stops the server and compares its books with what the client was told. @returns what is wrong, in sentences */
  close(): Promise<string[]>;
};

const names = { sqlite: "Jifen on SQLite", postgresql: "Jifen on PostgreSQL" } as const;

/** Starts the server on an empty database and makes the users. */
export async function startJifen(scratch: Scratch): Promise<Jifen> {
  const server = await startApi(scratch.url);
  await populate(scratch);
  const tally: Tally = { confirmed: 0, unanswered: 0 };
  const failed = new Map<string, number>();
  const onLoad = (load: Load, spends: boolean) => {
    for (const [status, times] of Object.entries(load.failed)) failed.set(status, (failed.get(status) ?? 0) + times);
    if (!spends) return;
    tally.confirmed += load.succeeded;
    tally.unanswered += load.unanswered;
  };
  const name = names[scratch.kind];
  return {
    subject: { name, url: server.url, onLoad },
    confirmed: () => {
      tally.confirmed += 1;
    },
    close: async () => {
      await server.stop();
      const others = [...failed].map(([status, times]) => `${times} answers with ${status}, which are in no rate`);
      return [...others, ...(await auditServer(scratch, tally))].map((finding) => `${name}: ${finding}`);
    },
  };
}
