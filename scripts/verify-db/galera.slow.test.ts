// Expected duration: 30 s on two cores.
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GaleraCluster, hasGalera, startGalera } from "../../packages/testkit/src/processes.ts";
import { findNotShown } from "./not-shown.ts";
import { tryOptions } from "./try-options.ts";

const isMissing = !hasGalera() && !process.env["CI"];
if (isMissing) console.error("\n!!! NO GALERA: NOTHING IS PROVED ON A CLUSTER. Debian's packages: galera-4 rsync\n");

describe.skipIf(isMissing)("verify:db on two nodes of a Galera cluster", () => {
  let cluster: GaleraCluster;
  beforeAll(async () => {
    cluster = await startGalera();
  }, timeLimit(180));
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const given = (secondNode?: 0 | 1) => ({
    ...{ kind: "mysql" as const, url: cluster.nodes[0].url, afterMigrations: undefined },
    secondUrl: secondNode === undefined ? undefined : cluster.nodes[secondNode].url,
  });

  test("verify:db accepts two nodes of one cluster", async () => {
    await tryOptions(given(1));
  });

  test("verify:db says that another node was not used, unless the second URL leads to one", async () => {
    const sentence = expect.stringMatching(/^NOT SHOWN.*Galera.*--second-url/);
    expect(await findNotShown(given())).toEqual([sentence]);
    expect(await findNotShown(given(0))).toEqual([sentence]);
    expect(await findNotShown(given(1))).toEqual([]);
  });
});
