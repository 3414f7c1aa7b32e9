import { expect, test } from "vitest";
import { spansOf } from "../../values/time-zones/spans.ts";
import { SeriesTable } from "./series-table.ts";

const HOUR_MS = 3_600_000;
const HOURS = 168;
const ACTIONS = 100_000;

test("a series of 100,000 actions takes the memory of their sums, not of every action at every point", () => {
  const [fromMs, toMs] = [0, HOURS * HOUR_MS];
  const local = spansOf({ timeZone: "UTC", unit: "hour", fromMs, toMs });
  const before = process.memoryUsage().heapUsed;
  const table = new SeriesTable({ fromMs, toMs, local }, { isGrouped: true });
  for (let action = 0; action < ACTIONS; action += 1) {
    table.add({ unit: action % HOURS, group: `action-${action}`, value: action === 5 ? 7 : 1 });
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(400_000_000);
  const { groups, points } = table.toOutput(1);
  expect(groups).toEqual([
    { key: "g1", name: "action-5" },
    { key: "other", name: null },
  ]);
  expect(points).toHaveLength(HOURS);
  expect(points[5]?.values["g1"]).toBe(7);
  expect(points[6]?.values["g1"]).toBe(0);
  expect(points.reduce((sum, { values }) => sum + (values["other"] ?? 0), 0)).toBe(ACTIONS - 1);
});
