import { DatabaseUnavailable } from "@jifen/ledger";
import { describeOn, type FaultProxy, type LossMoment, openFaultProxy } from "@jifen/testkit";
import { hasOwnMysql, startOwnMysql } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openConnection } from "../src/drivers/mysql/connection.ts";
import { readOptions } from "../src/drivers/mysql/options.ts";
import { openDatabase } from "../src/index.ts";
import { useDatabase } from "./use-database.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];
/** Words of the first and the last session setting. */
const settings = ["NAMES", "autocommit"];

// An unhandled error would fail this test run, as it would end a server.
describeOn("mysql")("a connection loss while connecting to MySQL", () => {
  const here = useDatabase("mysql");
  let proxy: FaultProxy;
  beforeEach(async () => {
    proxy = await openFaultProxy(here.url);
  });
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]();
  });

  describe.each(moments)("at a session setting, %s", (moment) => {
    test.each(settings)(
      "a connection loss at the setting %s makes opening fail with DatabaseUnavailable",
      async (word) => {
        proxy.loseConnectionAt(word, moment);
        await expect(openDatabase(proxy.url)).rejects.toBeInstanceOf(DatabaseUnavailable);
        expect(proxy.lostConnections()).toBe(1);
      },
    );

    test.each(settings)("a connection loss at the setting %s fails one call and no later one", async (word) => {
      const database = await openDatabase(proxy.url);
      await proxy.refuseConnections();
      await proxy.restore();
      proxy.loseConnectionAt(word, moment);
      await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
      await database.ping();
      expect(proxy.lostConnections()).toBe(1);
      await database.close();
    });
  });

  test("connections that are refused again and again fail one call each time", async () => {
    const database = await openDatabase(proxy.url);
    for (let round = 0; round < 20; round += 1) {
      await proxy.refuseConnections();
      await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
      await proxy.restore();
      await database.ping();
    }
    await database.close();
  });
});

/** To such a server the driver sends SET NAMES itself, unless an option names a collation: see `openConnection`. */
test.skipIf(!hasOwnMysql())(
  "a connection loss at the character set of a server whose own is not utf8mb4 fails one call",
  { timeout: timeLimit(90) },
  async () => {
    await using server = await startOwnMysql();
    await using proxy = await openFaultProxy(server.url);
    proxy.loseConnectionAt("NAMES", "before it is sent");
    await expect(openConnection(readOptions(proxy.url))).rejects.toMatchObject({ fatal: true });
    expect(proxy.lostConnections()).toBe(1);
  },
);
