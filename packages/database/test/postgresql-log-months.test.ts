import { DatabaseUnavailable } from "@jifen/ledger";
import { describeOn } from "@jifen/testkit";
import { expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { logIdAt, newLog, newUserId, storedLog } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const DAY_MS = 86_400_000;

describeOn("postgresql")("the months of the call log on PostgreSQL", () => {
  const here = useDatabase("postgresql");
  const months = async () =>
    (await here.sql.query("SELECT inhrelid::regclass::text AS name FROM pg_inherits ORDER BY 1")).map(
      ({ name }) => name,
    );

  test("processes that make places at the same time make each month once", async () => {
    const others = await Promise.all(Array.from({ length: 3 }, () => openDatabase(here.secondUrl)));
    const times = [Date.UTC(2019, 0), Date.UTC(2019, 1), Date.UTC(2019, 2)];
    await Promise.all([here.database, ...others].map(({ logs }) => logs.makePlaces(Date.now(), times)));
    await Promise.all(others.map((each) => each.close()));
    expect(await months()).toEqual(
      expect.arrayContaining(["call_logs_2019_01", "call_logs_2019_02", "call_logs_2019_03"]),
    );
    expect(await here.database.logs.hasPlacesAhead(Date.now())).toBe(true);
    expect(await here.database.logs.hasPlacesAhead(Date.now() + 200 * DAY_MS)).toBe(false);
  });

  test("a log is refused as unavailable while the present month has no place either", async () => {
    const arrivalMs = Date.now() + 700 * DAY_MS;
    const log = newLog(newUserId(), { countedAtMs: arrivalMs, createdAtMs: arrivalMs, id: logIdAt(arrivalMs) });
    await expect(here.database.logs.write([{ ...log, arrivalId: log.id }])).rejects.toThrow(DatabaseUnavailable);
  });

  test("a log of a month without a place counts at its arrival, until the month has one", async () => {
    const countedAtMs = Date.UTC(2018, 5, 15);
    const user = newUserId();
    const log = newLog(user, { countedAtMs, id: logIdAt(countedAtMs) });
    const [stored] = await here.database.logs.write([log]);
    expect(stored).toEqual({ ...storedLog(log), id: log.arrivalId, countedAtMs: log.createdAtMs });
    await here.database.logs.makePlaces(Date.now(), [countedAtMs]);
    const later = newLog(user, { countedAtMs, id: logIdAt(countedAtMs) });
    expect(await here.database.logs.write([later])).toEqual([storedLog(later)]);
  });
});
