/** A statement that reads or writes the shards of a distributed table without naming the column of the distribution. */
export type Scatter = {
  /** What its text looks like, once `simplified`. */
  readonly statement: RegExp;
  /** What it does, which concerns rows of any shard. */
  readonly reason: string;
  /** How often it runs. */
  readonly runs: string;
};

/**
 * Every statement that Citus sends to all shards. A test compares the list with the statements that the stores send: it holds
 * no more and no less. None of them is part of spending, of signing in or of writing a log. The table in docs/scaling.md says
 * the same for operators.
 */
export const scatterList: readonly Scatter[] = [
  {
    statement: /^SELECT id, next_due_ms FROM accounts WHERE next_due_ms <= /,
    reason: "finds accounts in which something has expired, through an index; the ledger asks each shard on its node",
    runs: "every 5 seconds, in one process",
  },
  {
    statement: /^SELECT .* FROM transactions WHERE transactions\.id = \$1 ORDER BY/,
    reason: "finds the charge of a refund that names no user, by one entry of an index in each shard",
    runs: "for each refund by staff that names no user",
  },
  {
    statement: /^DELETE FROM one_time_links WHERE one_time_links\.issuer = \$1$/,
    reason: "ends the links that a user has issued, which are for other users",
    runs: "when a user changes the password or ends all sessions, and when staff changes a role, suspends or deletes",
  },
  {
    statement: /^DELETE FROM one_time_links WHERE one_time_links\.purpose = \$1$/,
    reason: "ends the links to create the first admin, for any address",
    runs: "when a user becomes an admin",
  },
  {
    statement:
      /^SELECT .* FROM users WHERE \(users\.deleted_at_ms IS NULL AND users\.suspended_at_ms IS NULL AND \(users\.role = /,
    reason: "finds the other admins, of whom one has to be left",
    runs: "when a role changes, or a user is suspended or deleted",
  },
  {
    statement:
      /^SELECT COUNT\(\*\) AS _count\$_all FROM \(SELECT users\.id FROM users WHERE \(?(users\.role = \$1 AND )?users\.deleted_at_ms IS NULL\)? ORDER/,
    reason: "asks whether there is a user, or an admin",
    runs: "when a server starts, in jifen doctor, and when the first admin is created",
  },
  {
    statement:
      /^SELECT .* FROM users WHERE \(?(users\.id > \$1 AND )?(users\.id::text LIKE .* AND )?(users\.role = \$\d AND )?users\.deleted_at_ms IS NULL\)? ORDER BY users\.id ASC LIMIT/,
    reason: "lists users in the order of their ids, by prefix or role",
    runs: "for each page of the list of users in the console",
  },
  {
    statement: /^DELETE FROM (one_time_links|ended_tokens) WHERE .* IN \(SELECT .*\.expires_at_ms < \$1 LIMIT \$2\)$/,
    reason: "deletes expired rows of all users, 1,000 in a statement",
    runs: "every hour, in one process",
  },
  {
    statement: /^WITH (RECURSIVE ids|page AS \(SELECT id FROM accounts) /,
    reason: "finds the next 500 accounts to audit, also those that only occur in other tables",
    runs: "for every 500 accounts of jifen audit and of an import",
  },
  {
    statement: /^SELECT logs\.user_id, .* FROM logs WHERE 1=1 ORDER BY logs\.user_id ASC, logs\.id ASC LIMIT/,
    reason: "reads logs of earlier versions, to move them",
    runs: "for every 200 of them in one process; once none is left, once a second while logs with keys are written",
  },
  {
    statement: /^SELECT .* FROM \(?(SELECT (\*|id) FROM )?call_logs WHERE (subject_id|reference) = \$1 /,
    reason: "finds the logs of a transaction, a hold or a reference, by an entry of an index in each shard",
    runs: "for each page of a list that asks for one of them",
  },
  {
    statement:
      /^SELECT .* FROM \(?(SELECT (\*|id) FROM )?call_logs (WHERE (id|counted_at_ms) .*)?ORDER BY counted_at_ms DESC/,
    reason: "lists the logs of all users, newest first",
    runs: "for each page of such a list, which only staff can ask for",
  },
  {
    statement: /^SELECT .* FROM call_logs WHERE counted_at_ms = \$1 AND id = \$2$/,
    reason: "finds a log by its id alone, by one entry of an index in each shard",
    runs: "when staff open a log of any user",
  },
  {
    statement: /^SELECT (a\.id AS id|min\(t\.created_at_ms\) AS first_ms) FROM accounts a LEFT JOIN spend_marks m /,
    reason: "finds accounts whose journal is ahead of the sums of credits; each shard joins its own rows",
    runs: "every 5 seconds in one process, and for sums of all users",
  },
  {
    statement: /^SELECT count\(\*\) AS n FROM \w+$/,
    reason: "counts the rows of a table, to show the progress",
    runs: "once for each table of jifen export and jifen import, and once in jifen audit",
  },
  {
    statement: /^SELECT [\w, ]+ FROM \w+ (WHERE \w+ > \$1 )?ORDER BY \w+(, \w+)* LIMIT \d+$/,
    reason: "reads a table in the order of its key",
    runs: "for every 250 rows of jifen export",
  },
];
