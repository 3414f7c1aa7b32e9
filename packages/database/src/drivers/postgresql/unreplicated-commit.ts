import type pg from "pg";

/** Who says it among PostgreSQL's own functions: its words are translated. */
const WAITS_FOR_STANDBY = "SyncRepWaitForLSN";

/** The warning has to arrive, whatever else is set for the database or the role. */
export const HEARS_WARNINGS = "-c client_min_messages=warning";

/** SQLSTATE: transaction resolution unknown. */
const unreplicated = () =>
  Object.assign(new Error("the wait for a synchronous standby was cancelled"), { code: "08007" });

type Heard = (error: unknown, result?: unknown) => void;
type Ask = (...asked: readonly unknown[]) => unknown;

/**
 * A COMMIT that waits for its standby and is told to wait no longer is answered as any other, with a warning before it
 * (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA). It is there, and a failover may
 * take it away: whoever asked is told that nobody knows, and the connection is given up.
 */
export function detectUnreplicatedCommit(client: pg.ClientBase & { end(): Promise<void> }): void {
  let isUnreplicated = false;
  client.on("notice", ({ routine }) => {
    if (routine !== WAITS_FOR_STANDBY) return;
    isUnreplicated = true;
    void client.end().catch(() => undefined);
  });
  const ask = client.query.bind(client) as Ask;
  const query: Ask = (...asked) => {
    const heard = asked.at(-1);
    if (typeof heard !== "function") {
      return Promise.resolve(ask(...asked)).then((result) => {
        if (isUnreplicated) throw unreplicated();
        return result;
      });
    }
    const distrusting: Heard = (error, result) =>
      isUnreplicated && !error ? heard(unreplicated()) : heard(error, result);
    return ask(...asked.slice(0, -1), distrusting);
  };
  Object.assign(client, { query });
}

const standbyIsNamed = {
  name: "standby-is-named",
  text: "SELECT coalesce(current_setting('synchronous_standby_names', true), '') <> '' AS is_named",
};
const markOfNothing = { name: "mark-of-nothing", text: "SELECT pg_logical_emit_message(true, 'jifen', '')" };

/**
 * Resolves when a standby, where one has to be waited for, has all that was seen on this connection: what comes to it
 * comes in order, so something written now, of no consequence, is there after it.
 */
export async function untilReplicated(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ is_named: boolean }>(standbyIsNamed);
  if (rows[0]?.is_named) await client.query(markOfNothing);
}
