import pg from "pg";

/** Where libpq is to connect to, as it reads it from the environment: a password does not belong on a command line. */
export type LibpqEnvironment = {
  readonly PGHOST: string;
  readonly PGPORT: string;
  readonly PGUSER: string;
  readonly PGPASSWORD: string;
  readonly PGDATABASE: string;
};

/** The database over TCP, as its URL says. */
function asInUrl(url: string): LibpqEnvironment {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port || "5432",
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
}

/**
 * The shortest way to a database: the server's unix socket where it has one that this process may use, else its URL.
 * The database's name is random, so whatever server has it behind a socket is the same server.
 */
export async function nearestSocket(url: string): Promise<LibpqEnvironment> {
  const overTcp = asInUrl(url);
  for (const folder of await socketFolders(url)) {
    const overSocket = { ...overTcp, PGHOST: folder };
    if (await canConnect(overSocket)) return overSocket;
  }
  return overTcp;
}

async function socketFolders(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ folders: string }>(
      "SELECT current_setting('unix_socket_directories') AS folders",
    );
    const folders = (rows[0]?.folders ?? "").split(",").map((folder) => folder.trim().replace(/^"|"$/g, ""));
    return folders.filter((folder) => folder.startsWith("/"));
  } finally {
    await client.end();
  }
}

async function canConnect({ PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE }: LibpqEnvironment): Promise<boolean> {
  const client = new pg.Client({
    host: PGHOST,
    port: Number(PGPORT),
    user: PGUSER,
    password: PGPASSWORD,
    database: PGDATABASE,
    connectionTimeoutMillis: 1_000,
  });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
