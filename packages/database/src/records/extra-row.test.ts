import { expect, test } from "vitest";
import { extraChangeOf, extraRowOf } from "./extra-row.ts";

test("an extra row has the names of the columns, and only the columns that the record has", () => {
  const job = { name: "expirations", holder: "a", untilMs: 5 };
  expect(extraRowOf("job_leases", job)).toEqual({
    table: "job_leases",
    values: { name: "expirations", holder: "a", until_ms: 5 },
  });
});

test("an extra change has the names of the columns in its key, its expected and its new values", () => {
  const change = { expected: { holder: "a" }, set: { holder: "b", untilMs: 6 } };
  expect(extraChangeOf("job_leases", { name: "expirations" }, change)).toEqual({
    table: "job_leases",
    key: { name: "expirations" },
    expected: { holder: "a" },
    set: { holder: "b", until_ms: 6 },
  });
});
