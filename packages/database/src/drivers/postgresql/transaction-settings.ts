import type pg from "pg";

type Statement = string | pg.QueryConfig;
type Send = (statement: Statement, values?: unknown) => Promise<pg.QueryResult>;

const textOf = (statement: Statement): string => (typeof statement === "string" ? statement : statement.text);

/** Another session may have prepared another statement of that name, or none. */
function withoutName(statement: Statement): Statement {
  if (typeof statement === "string" || statement.name === undefined) return statement;
  const { name: _, ...unnamed } = statement;
  return unnamed;
}

/** SQLSTATE: transaction resolution unknown. */
const unresolved = (cause: unknown) =>
  Object.assign(new Error("a statement ran outside of its transaction", { cause }), { code: "08007" });

/** Runs one statement in a transaction of its own, in one round trip. */
async function runAlone(send: Send, settings: string, run: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
  const [begun, done, committed] = await Promise.allSettled([send(`BEGIN; ${settings}`), run(), send("COMMIT")]);
  if (begun.status === "rejected") throw done.status === "fulfilled" ? unresolved(begun.reason) : begun.reason;
  if (done.status === "rejected") throw done.reason;
  if (committed.status === "rejected") throw committed.reason;
  return done.value;
}

/**
 * Makes a client independent of the session behind it: a transaction pooler gives each transaction another session, whose
 * settings another client may have changed. Each transaction begins with all settings, and no statement has a name.
 * @param client pipelines its statements
 * @param settings statements that begin with SET LOCAL
 */
export function setInEachTransaction(client: pg.ClientBase, settings: string): void {
  const send = client.query.bind(client) as unknown as Send;
  let isInTransaction = false;
  const run: Send = (statement, values) => {
    const text = textOf(statement);
    if (/^\s*BEGIN\b/i.test(text)) {
      isInTransaction = true;
      return send(`${text}; ${settings}`).then((results) => (Array.isArray(results) ? results[0] : results));
    }
    const runStatement = () => send(withoutName(statement), values);
    if (!isInTransaction) return runAlone(send, settings, runStatement);
    if (/^\s*(COMMIT|ROLLBACK)\b(?!\s+TO\b)/i.test(text)) isInTransaction = false;
    return runStatement();
  };
  const query = (statement: Statement, ...rest: readonly unknown[]) => {
    const callback = rest.at(-1);
    if (typeof callback !== "function") return run(statement, rest[0]);
    run(statement, rest.length > 1 ? rest[0] : undefined).then(
      (result) => callback(null, result),
      (error: unknown) => callback(error),
    );
    return undefined;
  };
  Object.assign(client, { query });
}
