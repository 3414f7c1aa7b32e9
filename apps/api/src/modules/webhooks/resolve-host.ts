import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";

/** Finds the addresses of a host. Rejects with a code of node:dns when there are none, or no answer in time. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

type Options = {
  /** Names of this machine, in the form of /etc/hosts. */
  readonly hostsFile?: string;
  /** Servers to ask; those of the system if left out. */
  readonly servers?: readonly string[];
  readonly timeoutMs?: number;
};

/** Of all hosts together. The others wait. */
const MAX_LOOKUPS = 16;
/** Of one host, all tries and servers included. */
const TIMEOUT_MS = 5_000;
const TRIES = 2;

const LOOPBACK: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/**
 * Asks the name servers itself. `dns.lookup` occupies one of the few threads of the process until the system gives up, so
 * that a slow name server of one host would keep the whole process from finding any. Search domains do not apply. Names
 * in /etc/hosts are found, as operators name private hosts there.
 */
export function createResolveHost({
  hostsFile = "/etc/hosts",
  servers,
  timeoutMs = TIMEOUT_MS,
}: Options = {}): ResolveHost {
  const takeTurn = createTurns(MAX_LOOKUPS);
  return async (host) => {
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    const name = host.toLowerCase().replace(/\.$/, "");
    if (name === "localhost" || name.endsWith(".localhost")) return LOOPBACK;
    return await takeTurn(async () => {
      const own = await addressesIn(hostsFile, name);
      return own.length > 0 ? own : await ask(name, { servers, timeoutMs });
    });
  };
}

/** Lets `most` pieces of work run concurrently. The others wait, in their order. */
function createTurns(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The next one takes over the place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

async function addressesIn(hostsFile: string, name: string): Promise<readonly LookupAddress[]> {
  // Not every system has the file.
  const text = await readFile(hostsFile, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/);
    return isIP(address) !== 0 && names.includes(name) ? [{ address, family: isIP(address) }] : [];
  });
}

async function ask(
  name: string,
  { servers, timeoutMs }: { readonly servers: readonly string[] | undefined; readonly timeoutMs: number },
): Promise<readonly LookupAddress[]> {
  // One of its own for each host: it can be cancelled, and has the servers that the system has now.
  const resolver = new Resolver({ timeout: timeoutMs / TRIES, tries: TRIES });
  if (servers) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), timeoutMs);
  try {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = [...addressesOf(v4, 4), ...addressesOf(v6, 6)];
    if (found.length > 0) return found;
    throw v4.status === "rejected" ? v4.reason : (v6 as PromiseRejectedResult).reason;
  } finally {
    clearTimeout(timer);
  }
}

const addressesOf = (answer: PromiseSettledResult<readonly string[]>, family: number): readonly LookupAddress[] =>
  answer.status === "fulfilled" ? answer.value.map((address) => ({ address, family })) : [];
