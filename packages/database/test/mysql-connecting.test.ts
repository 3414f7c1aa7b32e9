import { DatabaseUnavailable } from "@jifen/ledger";
import { type CutMoment, describeOn, type FaultProxy, openFaultProxy } from "@jifen/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { useDatabase } from "./use-database.ts";

const moments: CutMoment[] = ["before it is sent", "after it is answered"];
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
      proxy.cutAt(word, moment);
      await expect(openDatabase(proxy.url)).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(proxy.cuts()).toBe(1);
    });

    test.each(told)("%s, fails who asked, and nobody after that", async (word) => {
      const database = await openDatabase(proxy.url);
      await proxy.refuse();
      await proxy.mend();
      proxy.cutAt(word, moment);
      await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
      await database.ping();
      expect(proxy.cuts()).toBe(1);
      await database.close();
    });
  });

  test("at its first word, again and again, is somebody's error each time", async () => {
    const database = await openDatabase(proxy.url);
    for (let round = 0; round < 20; round += 1) {
      await proxy.refuse();
      await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
      await proxy.mend();
      await database.ping();
    }
    await database.close();
  });
});
