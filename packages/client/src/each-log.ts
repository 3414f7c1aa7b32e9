import type { JifenClient } from "./client.ts";
import type { JifenInputs, JifenOutputs } from "./router.ts";

/** The filters of a list of logs. */
type LogFilter = Omit<JifenInputs["logs"]["list"], "cursor">;

/** A log as a list has it. */
type Log = JifenOutputs["logs"]["list"]["items"][number];

/**
 * Every log that matches, newest first, page by page. A page can be empty though others follow: a search looks at a bounded
 * number of logs for each page.
 * @throws JifenError, as a call of `logs.list`
 */
export async function* eachLog(client: Pick<JifenClient, "logs">, filter: LogFilter = {}): AsyncGenerator<Log> {
  for (let cursor: string | undefined; ; ) {
    const page = await client.logs.list.query({ limit: 100, ...filter, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
