import { ClientHistory } from "./client-history.ts";
import { LoadClients } from "./load-clients.ts";
import type { Random } from "./random.ts";
import { createUsers, logInUsers, type Replica } from "./replica.ts";

const USERS = 10;

/** The clients of a load, and the history of what they saw. */
type Load = { readonly history: ClientHistory; readonly clients: LoadClients };

type LoadOptions = {
  readonly replicas: readonly [Replica, ...Replica[]];
  readonly random: Random;
  /** The URL for the next request. Default: that of any server. */
  readonly url?: () => string;
  /** How long a client waits between two requests, on average. */
  readonly pauseMs?: number;
};

/** Creates users in the database, starts the servers, and starts clients that send to all of them. */
export async function startLoad(
  databaseUrl: string,
  { replicas, random, url = () => random.of(replicas).url, pauseMs = 0 }: LoadOptions,
): Promise<Load> {
  const emails = await createUsers(databaseUrl, USERS);
  await Promise.all(replicas.map((replica) => replica.start()));
  const [admin, ...users] = await logInUsers(replicas[0].url, emails);
  if (!admin) throw new Error("no user was created");
  const history = new ClientHistory();
  const clients = new LoadClients({ history, users, admin, random, url, pauseMs });
  await clients.fund(200);
  clients.start();
  return { history, clients };
}
