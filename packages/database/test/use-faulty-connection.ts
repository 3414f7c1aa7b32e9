import { type FaultProxy, openFaultProxy } from "@jifen/testkit";
import { afterEach, beforeEach } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import type { InUse } from "./use-database.ts";

/** A database over a wire that can be cut. */
type FaultyConnection = { readonly proxy: FaultProxy; readonly database: Database };

/** The database that is in use, over a wire of its own for each test. */
export function useFaultyConnection(here: InUse): FaultyConnection {
  const wired = {} as { -readonly [Part in keyof FaultyConnection]: FaultyConnection[Part] };
  beforeEach(async () => {
    wired.proxy = await openFaultProxy(here.url);
    wired.database = await openDatabase(wired.proxy.url);
  });
  afterEach(async () => {
    await wired.proxy.restore();
    await wired.database.close();
    await wired.proxy[Symbol.asyncDispose]();
  });
  return wired;
}
