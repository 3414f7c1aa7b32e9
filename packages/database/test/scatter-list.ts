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
    statement:
      /^SELECT account_id FROM \( SELECT account_id, subject_id FROM transactions WHERE id >= \$1 AND id < \$2 /,
    reason: "finds a hold or grant by its id alone, among 10,000 entries of its time in each shard, through an index",
    runs: "when staff search for the id of a hold or grant",
  },
  {
    statement: /^SELECT .* FROM holds WHERE \(?holds\.state = \$1 AND .* ORDER BY holds\.id ASC LIMIT/,
    reason: "lists the open holds of all users, through an index",
    runs: "for each page of such a list, which only staff can ask for",
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
      /^SELECT .* FROM users WHERE (?!.*\busers\.id = )(?!1=1)(?!users\.id > \$1 ORDER).* ORDER BY users\.(id ASC|created_at_ms DESC, users\.id DESC) LIMIT/,
    reason: "lists users by id or newest first, by prefix, role or state",
    runs: "for each page of the list of users in the console",
  },
  {
    statement: /^SELECT .* FROM users WHERE (1=1|users\.id > \$1) ORDER BY users\.id ASC LIMIT/,
    reason: "reads the ids of all users, deleted ones included, to find those with most calls or credits",
    runs: "for every 200 users of a request of staff for sums by user",
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
      /^SELECT .* FROM \(?(SELECT (\*|id) FROM )?call_logs (WHERE (id|counted_at_ms) .*)?ORDER BY counted_at_ms (ASC|DESC)/,
    reason: "lists the logs of all users, or exports them",
    runs: "for each page of such a list or file, which only staff can ask for",
  },
  {
    statement: /^SELECT .* FROM call_logs WHERE counted_at_ms = \$1 AND id = \$2$/,
    reason: "finds a log by its id alone, by one entry of an index in each shard",
    runs: "when staff open a log of any user",
  },
  {
    statement:
      /^(SELECT id FROM|UPDATE) call_logs (SET details = NULL )?WHERE counted_at_ms >= \$1 AND counted_at_ms <= \$2 /,
    reason: "removes expired details in the order of time, 200 logs in a statement",
    runs: "every hour in one process, with pauses, if LOG_DETAILS_DAYS is set",
  },
  {
    statement:
      /^(SELECT .* FROM log_keys (WHERE user_id > \$1 )?ORDER BY|DELETE FROM log_keys WHERE user_id [<>] \$1 )/,
    reason: "looks for the keys of expired logs in the order of all keys, 500 in a statement",
    runs: "after a month of logs was dropped, in one process, with pauses",
  },
  {
    statement: /^SELECT (a\.id AS id|min\(t\.created_at_ms\) AS first_ms) FROM accounts a LEFT JOIN spend_marks m /,
    reason: "finds accounts whose journal is ahead of the sums of credits; each shard joins its own rows",
    runs: "every 5 seconds in one process, and for sums of all users",
  },
  {
    statement: /^SELECT count\(\*\) AS n FROM \(SELECT DISTINCT account_id FROM spend_rollups WHERE quarter >= /,
    reason: "counts the accounts that were charged in a time, by one entry of an index for each account and quarter",
    runs: "for the overview of staff and the days, hours or months of a series",
  },
  {
    statement: /^SELECT SUM\((balance|held)\) .* FROM \(SELECT accounts\./,
    reason: "adds up what all accounts have",
    runs: "every ten seconds in each process while staff look at the overview",
  },
  {
    statement:
      /^SELECT COUNT\(\*\) AS _count\$_all FROM \(SELECT users\.id FROM users WHERE \(users\.created_at_ms >= /,
    reason: "counts the users who were created in a time, through an index",
    runs: "for the overview of staff",
  },
  {
    statement: /^SELECT COUNT\(\*\) AS _count\$_all FROM \(SELECT holds\./,
    reason: "counts pending holds, up to 10,000, through an index that holds only those",
    runs: "every ten seconds in each process while staff look at the overview, and every 15 seconds while metrics are read",
  },
  {
    statement: /^SELECT .* FROM code_claims WHERE code_claims\.next_check_ms <= \$1 ORDER BY/,
    reason:
      "finds claims of redemption codes whose credits are not granted yet, through an index that holds only those",
    runs: "every 5 seconds, in one process",
  },
  {
    statement: /^SELECT .* FROM code_claims WHERE code_claims\.code_hash IN/,
    reason: "reads the claims of redemption codes, through an index",
    runs: "for every 500 codes of jifen audit",
  },
  {
    statement: /^SELECT .* FROM (orders|payments|reversals) WHERE \w+\.id = \$1 ORDER BY/,
    reason: "finds an order, a payment or a reversal by its id alone, by one entry of an index in each shard",
    runs: "for each notice of a provider, and when staff open one of them",
  },
  {
    statement: /^SELECT .* FROM (orders|payments|reversals) WHERE \(?\w+\.next_check_ms >= \$1( AND .*\))? ORDER BY/,
    reason: "finds orders, payments and reversals that are due, through an index",
    runs: "every second in one process, if there is a payment channel",
  },
  {
    statement:
      /^SELECT .* FROM (payments WHERE .*state = \$1.* ORDER BY payments\.recorded_at_ms|reversals WHERE .* ORDER BY reversals\.created_at_ms) ASC/,
    reason: "lists the payments and reversals that a person has to look at, through indexes",
    runs: "for each page of the review list",
  },
  {
    statement:
      /^SELECT .* FROM reversals WHERE (1=1|\(reversals\.user_id > .*) ORDER BY reversals\.user_id ASC, reversals\.id ASC LIMIT/,
    reason: "reads the reversals of all users in the order of their key",
    runs: "for every 500 reversals of jifen audit",
  },
  {
    statement: /^SELECT COUNT\(\*\) AS _count\$_all FROM \(SELECT (orders|payments|reversals)\./,
    reason:
      "counts orders that are not final, and payments and reversals that a person has to look at, through indexes, up to 1,000 of a kind",
    runs: "for each scrape of the metrics",
  },
  {
    statement: /^SELECT .* FROM payments WHERE .*ORDER BY payments\.user_id ASC, payments\.id ASC LIMIT/,
    reason: "reads all payments in the order of their keys, to compare them with the ledger",
    runs: "for every 500 payments of jifen audit",
  },
  {
    statement: /^SELECT .* FROM orders WHERE (?!.*orders\.user_id = ).* ORDER BY orders\.id DESC LIMIT/,
    reason: "lists the orders of all users",
    runs: "for each page of such a list, which only staff can ask for",
  },
  {
    statement: /^SELECT .* FROM outgoing_events WHERE outgoing_events\.fan_out_ms <= \$1 ORDER BY/,
    reason: "finds outgoing events that have no deliveries yet, through an index that holds only those",
    runs: "every second, in one process",
  },
  {
    statement: /^DELETE FROM outgoing_events WHERE .* IN \(SELECT .*\.created_at_ms < \$1 .*LIMIT \$\d\)$/,
    reason: "deletes old outgoing events of all users, 1,000 in a statement, through an index",
    runs: "every hour, in one process",
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
