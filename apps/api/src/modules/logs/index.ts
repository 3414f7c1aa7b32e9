import type { Procedures } from "../../trpc/procedure.ts";
import type { ImplementedStreams } from "../../trpc/stream.ts";
import { exportAny } from "./admin/export.ts";
import { find as adminFind } from "./admin/find.ts";
import { list as adminList } from "./admin/list.ts";
import { stats as adminStats } from "./admin/stats.ts";
import { batch } from "./batch.ts";
import { create } from "./create.ts";
import type { Deps } from "./deps.ts";
import { exportOwn } from "./export.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";
import { stats } from "./stats.ts";

/** Procedures of the logs module. */
export const logsProcedures = (deps: Deps): Pick<Procedures, "adminLogs" | "logs"> => ({
  adminLogs: { find: adminFind(deps), list: adminList(deps), stats: adminStats(deps) },
  logs: { batch: batch(deps), create: create(deps), find: find(deps), list: list(deps), stats: stats(deps) },
});

/** Streams of the logs module. */
export const logsStreams = (deps: Deps): Pick<ImplementedStreams, "adminLogs" | "logs"> => ({
  adminLogs: { export: exportAny(deps) },
  logs: { export: exportOwn(deps) },
});
