import { type FaultProxy, openFaultProxy } from "@jifen/testkit";
import { afterEach, beforeEach } from "vitest";
import { type Database, openDatabase } from "../src/index.ts";
import type { InUse } from "./use-database.ts";

/** A database behind a fault proxy. */
type FaultyConnection = { readonly proxy: FaultProxy; readonly database: Database };

/** Opens the database again behind a fault proxy of its own for each test. */
export function useFaultyConnection(here: InUse): FaultyConnection {
  const faulty = {} as { -readonly [Part in keyof FaultyConnection]: FaultyConnection[Part] };
  beforeEach(async () => {
    faulty.proxy = await openFaultProxy(here.url);
    faulty.database = await openDatabase(faulty.proxy.url);
  });
  afterEach(async () => {
    await faulty.proxy.restore();
    await faulty.database.close();
    await faulty.proxy[Symbol.asyncDispose]();
  });
  return faulty;
}
