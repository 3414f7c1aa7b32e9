import { type Outcome, ok, refuse } from "@jifen/core";
import { driverFor } from "../drivers/driver-for.ts";
import { UnusableDatabase } from "../schema/unusable-database.ts";
import { parseDatabaseUrl } from "../url.ts";
import type { CannotDump, Dump, DumpOptions, Holdings, RestorableDump } from "./dump.ts";

const noDump: CannotDump = {
  reason: { en: "the rows of this kind of database are exported", zh: "此类数据库以导出行的方式备份" },
};

/**
 * Dumps the database behind `url` from one snapshot, by the database's own means, while servers write. Also dumps tables of
 * an older or newer version, and never migrates.
 * @param work reads the parts; its result is returned
 * @throws DatabaseUnavailable, and what `work` throws
 */
export async function dumpDatabase<Result>(
  url: string,
  options: DumpOptions,
  work: (dump: Dump) => Promise<Result>,
): Promise<Outcome<Result, CannotDump>> {
  const { kind, location } = parseDatabaseUrl(url);
  const { dump } = await driverFor(kind);
  if (dump === undefined) return refuse(noDump);
  let done: { readonly result: Result } | undefined;
  const refusal = await dump(location, options, async (made) => {
    done = { result: await work(made) };
  });
  return done === undefined ? refuse(refusal ?? noDump) : ok(done.result);
}

/**
 * Restores a dump into the database behind `url`, which has no tables. When it fails, nothing has been changed.
 * @returns what the database holds then
 * @throws UnusableDatabase when the database is of another kind, or has tables; DatabaseUnavailable
 */
export async function restoreDump(url: string, dump: RestorableDump): Promise<Holdings> {
  const { kind, location } = parseDatabaseUrl(url);
  const { restore } = await driverFor(kind);
  if (kind !== dump.kind || restore === undefined) {
    throw new UnusableDatabase(
      `This is a dump of ${dump.kind}, and DATABASE_URL names a database of the kind ${kind}: restore it into an empty database of the kind ${dump.kind}, then move with "jifen import". 备份来自 ${dump.kind}，请先恢复到同类的空数据库，再用 jifen import 迁移。`,
    );
  }
  return restore(location, dump);
}
