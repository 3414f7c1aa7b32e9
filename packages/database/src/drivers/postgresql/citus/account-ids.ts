const withoutAccount = (table: string): string =>
  `SELECT account_id FROM ${table} AS t, bound
     WHERE account_id > ? AND (bound.id IS NULL OR account_id <= bound.id)
       AND NOT EXISTS (SELECT FROM accounts AS a WHERE a.id = t.account_id)`;

/**
 * The ids of accounts after one, also of accounts that only occur in other tables. Citus does not run the recursive query of
 * an undistributed database. This one reads each row of the other tables once in a whole audit, which reads them all anyway:
 * those of the accounts between `from` and the last account of the page.
 */
const accountIds = `WITH page AS (SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ?),
    bound AS (SELECT CASE WHEN count(*) = ? THEN max(id) END AS id FROM page)
  SELECT id FROM (SELECT id FROM page
     UNION ${["transactions", "grants", "holds"].map(withoutAccount).join(" UNION ")}) AS ids
  ORDER BY id LIMIT ?`;

/** The statement and its values. */
export const clusterAccountIds = (from: string, limit: number) => ({
  sql: accountIds,
  values: [from, limit, limit, from, from, from, limit],
});
