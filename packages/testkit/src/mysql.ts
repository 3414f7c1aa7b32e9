import { type Connection, createConnection } from "mariadb";

/** A MySQL or MariaDB for one run of the tests. */
export type MysqlServer = {
  /** Connects as a user who is allowed to create databases. */
  readonly url: string;
  /** Which server this is, for the output of the run. */
  readonly description: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a MySQL or MariaDB for the tests: the one that TEST_MYSQL_URL names, else one on 127.0.0.1:3306 that accepts root
 * without a password.
 * @throws Error when it does not answer.
 */
export async function findMysql(env: Environment): Promise<MysqlServer> {
  const named = env["TEST_MYSQL_URL"];
  const url = named || "mysql://root@127.0.0.1:3306/";
  const how = named ? "named by TEST_MYSQL_URL" : "already running";
  const version = await onMysql(url, (connection) =>
    connection.query<[{ version: string }]>("SELECT VERSION() AS version"),
  );
  return { url, description: `MySQL ${version[0].version} at ${new URL(url).host} (${how})` };
}

/** Opens a connection to the database behind `url`. Integers are returned as numbers, and multiple statements are allowed. */
export async function connectToMysql(url: string): Promise<Connection> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const connection = await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(pathname.length > 1 ? { database: pathname.slice(1) } : {}),
    allowPublicKeyRetrieval: true,
    connectTimeout: 3_000,
    bigIntAsNumber: true,
    decimalAsNumber: true,
    multipleStatements: true,
  });
  // A test may end the server's side of the connection.
  connection.on("error", () => undefined);
  // On a Galera node, statements wait for what other nodes have committed. MySQL does not have this setting.
  if (pathname.length > 1) await connection.query("SET SESSION wsrep_sync_wait = 7").catch(() => undefined);
  return connection;
}

/** Runs `work` with a new connection, without the code under test. */
export async function onMysql<Result>(url: string, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const connection = await connectToMysql(url);
  try {
    return await work(connection);
  } finally {
    await connection.end().catch(() => undefined);
  }
}
