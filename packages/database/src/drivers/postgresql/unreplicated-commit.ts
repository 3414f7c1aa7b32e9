import type pg from "pg";

/** The routine that sends the warning. The text of the warning is translated, the name of the routine is not. */
const WAITS_FOR_STANDBY = "SyncRepWaitForLSN";

/** SQLSTATE: transaction resolution unknown. */
const unreplicated = () =>
  Object.assign(new Error("the wait for a synchronous standby was cancelled"), { code: "08007" });

type Callback = (error: unknown, result?: unknown) => void;
type Query = (...args: readonly unknown[]) => unknown;

/**
 * When the wait for a synchronous standby is cancelled, the server answers COMMIT as usual, after a warning
 * (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA). A failover can lose that commit:
 * so the query fails with an unknown outcome, and the connection is closed.
 */
export function detectUnreplicatedCommit(client: pg.ClientBase & { end(): Promise<void> }): void {
  let isUnreplicated = false;
  client.on("notice", ({ routine }) => {
    if (routine !== WAITS_FOR_STANDBY) return;
    isUnreplicated = true;
    void client.end().catch(() => undefined);
  });
  const originalQuery = client.query.bind(client) as Query;
  const query: Query = (...args) => {
    const callback = args.at(-1);
    if (typeof callback !== "function") {
      return Promise.resolve(originalQuery(...args)).then((result) => {
        if (isUnreplicated) throw unreplicated();
        return result;
      });
    }
    const checkingCallback: Callback = (error, result) =>
      isUnreplicated && !error ? callback(unreplicated()) : callback(error, result);
    return originalQuery(...args.slice(0, -1), checkingCallback);
  };
  Object.assign(client, { query });
}

const isStandbyRequired = {
  name: "is-standby-required",
  text: "SELECT coalesce(current_setting('synchronous_standby_names', true), '') <> '' AS is_required",
};
const emptyMessage = { name: "empty-message", text: "SELECT pg_logical_emit_message(true, 'jifen', '')" };

/**
 * Resolves when the synchronous standby, if one is configured, has everything that was read on this connection. The log
 * is replicated in order, so a message that is written now arrives after it.
 */
export async function untilReplicated(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ is_required: boolean }>(isStandbyRequired);
  if (rows[0]?.is_required) await client.query(emptyMessage);
}
