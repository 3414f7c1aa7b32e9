import pg from "pg";

/** How many transactions PostgreSQL has ended because of a deadlock in this database. The server counts a moment later. */
export async function countDeadlocks(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    return Number(rows[0]?.deadlocks);
  } finally {
    await client.end();
  }
}
