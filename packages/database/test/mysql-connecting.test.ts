import { DatabaseUnavailable } from "@jifen/ledger";
import { describeOn, type FaultProxy, type LossMoment, openFaultProxy } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { useDatabase } from "./use-database.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];
/** What the server is told first: the first of it, and the last. */
const told = ["sql_mode", "autocommit"];

// An error that nobody catches would fail the run, as it would end a server.
describeOn("mysql")("a wire to MySQL that is cut while a connection is made", () => {
  const here = useDatabase("mysql");
  let proxy: FaultProxy;
  beforeEach(async () => {
    proxy = await openFaultProxy(here.url);
  });
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]();
  });

  describe.each(moments)("at what it is told, %s", (moment) => {
    test.each(told)("%s, stops a start that says so", async (word) => {
      proxy.loseConnectionAt(word, moment);
      await expect(openDatabase(proxy.url)).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(proxy.lostConnections()).toBe(1);
    });

    test.each(told)("%s, fails who asked, and nobody after that", async (word) => {
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

  test("at its first word, again and again, is somebody's error each time", async () => {
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
