import { openDatabase } from "@jifen/database";
import { startAlipay, startEpay, startStripe, startWechatpay } from "@jifen/testkit/gateways";
import type { Part } from "../bench.ts";
import { startApi } from "../http/servers.ts";
import { METRICS_TOKEN, readMetrics } from "../server-metrics.ts";

const MORE_S = 3;
const MORE_MB = 110;

/** What the payment channels cost at the start, and in memory. */
export const startPart: Part = {
  name: "start",
  says: "the start and the memory of a server with all payment channels, compared with none",
  run: async (bench) => {
    const fakes = [await startAlipay(), await startEpay(), await startStripe(), await startWechatpay()];
    const channels = Object.assign({}, ...fakes.map(({ settings }) => settings)) as Record<string, string>;
    const { url: databaseUrl } = await bench.databases.create("sqlite");
    await (await openDatabase(databaseUrl)).close();
    const measure = async (settings: Readonly<Record<string, string>>) => {
      const beganMs = performance.now();
      const server = await startApi(databaseUrl, {
        METRICS_TOKEN,
        PAY_TEST: "on",
        PUBLIC_URL: "http://127.0.0.1:3001",
        ...settings,
      });
      const seconds = (performance.now() - beganMs) / 1_000;
      const residentMb = (await readMetrics(server.url))("process_resident_memory_bytes") / 1_048_576;
      await server.stop();
      return { seconds, residentMb };
    };
    await measure(channels);
    const [seconds, megabytes]: [number[], number[]] = [[], []];
    for (let round = 0; round < bench.options.rounds; round += 1) {
      const [without, withAll] = [await measure({}), await measure(channels)];
      seconds.push(withAll.seconds - without.seconds);
      megabytes.push(withAll.residentMb - without.residentMb);
      bench.report.progress(
        `  start, round ${round + 1}: ${without.seconds.toFixed(2)} s and ${withAll.seconds.toFixed(2)} s with all channels`,
      );
    }
    const target = { part: "start", baseline: "without a payment channel" };
    bench.report.targets.push({
      ...{ ...target, says: "a start with all payment channels: longer" },
      ...{ target: { must: "at most", limit: MORE_S, unit: "s" }, ratios: seconds },
    });
    bench.report.targets.push({
      ...{ ...target, says: "a server with all payment channels: more memory" },
      ...{ target: { must: "at most", limit: MORE_MB, unit: "MB" }, ratios: megabytes },
    });
    for (const fake of fakes) await fake[Symbol.asyncDispose]();
  },
};
