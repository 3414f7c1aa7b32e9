import type { Database } from "@jifen/database";
import type { ExportJob, FilePart } from "./export-job.ts";
import { writeLogFile } from "./log-file.ts";
import { writeTransactionFile } from "./transaction-file.ts";

/** Writes a file part by part. Each part is read when the one before has been taken. */
export function writeFile(
  database: Pick<Database, "logs" | "history" | "spend">,
  job: ExportJob,
): AsyncGenerator<FilePart> {
  switch (job.kind) {
    case "logs":
      return writeLogFile(database, job);
    case "transactions":
      return writeTransactionFile(database, job);
    default:
      return job satisfies never;
  }
}
