import { UnusableDatabase } from "../../schema/unusable-database.ts";
import type { Client, ClientOptions } from "./client.ts";
import { connectClient } from "./connect.ts";

const pidOf = async (client: Client): Promise<number> =>
  Number((await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid);

/**
 * Whether a pooler stands between: it names another process than the one that answers, or gives one session to two
 * connections. In either mode of a pooler, a session has what its other clients have set.
 */
export async function isBehindPooler(client: Client, options: ClientOptions): Promise<boolean> {
  const { processID } = client as unknown as { readonly processID: number | null };
  const pid = await pidOf(client);
  return processID !== pid || sharesSessions(client, pid, options);
}

/** Lets a second connection hold a session, and looks whether it is that of the first, or the first now has another one. */
async function sharesSessions(client: Client, pid: number, options: ClientOptions): Promise<boolean> {
  const second = await connectClient(options);
  try {
    await second.query("BEGIN");
    if ((await pidOf(second)) === pid) return true;
    return (await pidOf(client)) !== pid;
  } finally {
    await second.query("ROLLBACK").catch(() => undefined);
    await second.end().catch(() => undefined);
  }
}

/** @throws UnusableDatabase when the pooler has no transactions */
export async function assertTransactions(client: Client): Promise<void> {
  const inTransaction = async () => {
    await client.query("BEGIN");
    const before = await pidOf(client);
    const after = await pidOf(client);
    await client.query("COMMIT");
    return before === after;
  };
  if (await inTransaction().catch(() => false)) return;
  throw new UnusableDatabase(
    "The pooler before PostgreSQL allows no transactions (statement pooling): set its pool_mode to transaction or session, or set DATABASE_URL to the server itself. 连接池不支持事务（statement 模式），请将 pool_mode 改为 transaction 或 session，或让 DATABASE_URL 直连数据库。",
  );
}
