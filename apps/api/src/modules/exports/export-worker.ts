import { on } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "@jifen/core";
import { type LogKeeping, openDatabaseInThread } from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import type { ExportJob } from "./export-job.ts";
import { writeFile } from "./write-file.ts";

/** Where files come from: a database, whose expired logs are in no file. */
export type ExportSource = { readonly databaseUrl: string; readonly logKeeping: LogKeeping };

/** What the thread of one file works on. */
export type ExportTask = ExportSource & { readonly job: ExportJob };

/** What the thread sends: one message for each that it receives, until the end or an error. */
export type ExportMessage =
  | { readonly is: "part"; readonly bytes: Uint8Array<ArrayBuffer>; readonly rows: number }
  | { readonly is: "end" }
  | {
      readonly is: "error";
      readonly isDatabaseUnavailable: boolean;
      readonly message: string;
      readonly stack: string | undefined;
    };

const port = parentPort;
invariant(port !== null, "an export runs in a worker thread");

const send = (message: ExportMessage) => port.postMessage(message, message.is === "part" ? [message.bytes.buffer] : []);

/** Writes the file. The next part is read while the last one is being sent, and no further. */
async function run({ databaseUrl, logKeeping, job }: ExportTask): Promise<void> {
  const requests = on(port as NonNullable<typeof port>, "message");
  const database = await openDatabaseInThread(databaseUrl, { logs: { keeping: logKeeping } });
  try {
    for await (const { bytes, rows } of writeFile(database, job)) {
      await requests.next();
      send({ is: "part", bytes, rows });
    }
    await requests.next();
    send({ is: "end" });
  } finally {
    await requests.return?.();
    await database.close();
  }
}

run(workerData as ExportTask)
  .catch((error: Error) => {
    const { message, stack } = error;
    send({ is: "error", isDatabaseUnavailable: error instanceof DatabaseUnavailable, message, stack });
  })
  .finally(() => port.close());
