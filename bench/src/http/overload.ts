import type { Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { batches, consumes } from "../load/requests.ts";
import { number } from "../workload.ts";
import { logIn, startServers } from "./servers.ts";

/** Time to open the connections. */
const WARM_UP_SECONDS = 5;
/** Files that this process has open besides the connections. */
const OTHER_FILES = 200;

/** More requests than the server has capacity for; a refused request is sent again immediately. */
export const overloadPart: Part = {
  name: "overload",
  says: "ten times the connections of the peak, and ten times the consumes that may wait for one account",
  run: async (bench) => {
    const { report, options, databases } = bench;
    if (!(await databases.has("postgresql"))) return;
    const tokens = await logIn(bench);
    const cases = [
      { work: consumes(tokens, "one account"), peak: 256, many: 2_560 },
      { work: batches(tokens, "one account"), peak: 64, many: 4_096 },
    ].filter(({ many }) => many + OTHER_FILES < openFilesLimit());
    if (cases.length < 2) report.remark("overload: the limit of open files (ulimit -n) leaves a case out");
    const servers = await startServers(bench, "postgresql");
    const comparison = new Comparison(bench, "overload");
    for (const { work, peak, many } of cases) {
      await servers.warmUp(work);
      const { what, spread } = work;
      const plan = { work, seconds: options.seconds, readsRefusals: true };
      const row = { what, spread, subject: servers.name };
      const atPeak = [
        comparison.add({ ...row, atOnce: peak, run: () => servers.load({ ...plan, connections: peak }) }),
      ];
      const overloaded = comparison.add({
        ...{ ...row, atOnce: many, comparedWith: { "the peak": atPeak } },
        run: async () => {
          const warmUpSeconds = WARM_UP_SECONDS;
          const load = await servers.load({ ...plan, connections: many, warmUpSeconds }, ["OVERLOADED"]);
          const [done, refused] = [number(load.confirmed), number(load.failed["OVERLOADED"] ?? 0)];
          report.remark(`overload: ${what}, ${number(many)} connections: ${done} consumes done, ${refused} OVERLOADED`);
          return load;
        },
      });
      const says = `${what}, ${number(many)} connections: accepted consumes per second`;
      comparison.expectRate(overloaded, atPeak, { says, baseline: `its rate with ${peak} connections`, limit: 0.8 });
    }
    await comparison.measure();
    await servers.stop();
  },
};

/** How many files a process may open; Node raises its own limit to that. */
function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { hard: number | "unlimited" } } };
  const hard = userLimits?.open_files?.hard ?? "unlimited";
  return hard === "unlimited" ? Number.POSITIVE_INFINITY : hard;
}
