import { applyLoad, type Load, type LoadPlan } from "../load/load.ts";
import type { Bench } from "../run.ts";
import { logInEverybody, type Tokens } from "../seed-data.ts";
import { createSite, type Servers, type Site } from "../servers/site.ts";

/** What the parts over HTTP stand on. */
export type HttpStage = Bench & {
  readonly tokens: Tokens;
  readonly sqlite: Site;
  readonly postgresql: Site | undefined;
};

/** Makes the users on both databases. A token of one server is good on all. */
export async function prepareStage(bench: Bench): Promise<HttpStage> {
  const { databases, report } = bench;
  report.progress("making ten thousand users");
  const sqlite = await createSite(databases.sqlite, report);
  const postgresql = databases.postgresql && (await createSite(databases.postgresql.scratch, report));
  report.progress("logging them in");
  const servers = await sqlite.open(1);
  const tokens = await logInEverybody(servers.urls[0]);
  await servers.stop();
  return { ...bench, tokens, sqlite, postgresql };
}

/** One process, and what it is called in the tables. */
export type Opened = { readonly name: string; readonly url: string; readonly servers: Servers };

/** Starts one process on a site. */
export async function openOne(site: Site): Promise<Opened> {
  const servers = await site.open(1);
  return { name: site.name, url: servers.urls[0], servers };
}

/** Applies load to one process and keeps what its client was told; answers with a code in `expected` are no findings. */
export async function load(
  { url, servers }: Opened,
  plan: Omit<LoadPlan, "url">,
  expected: readonly string[] = [],
): Promise<Load> {
  const heard = await applyLoad({ url, ...plan });
  servers.heard(heard, expected);
  return heard;
}

/** Long enough for most of ten thousand tokens to be seen once. */
const WARM_UP_SECONDS = 2;

/** Some of it counts for the books but is not measured. */
export async function warmUp(opened: Opened, work: LoadPlan["work"]): Promise<void> {
  await load(opened, { work, connections: 64, seconds: WARM_UP_SECONDS });
}
