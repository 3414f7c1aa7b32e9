import { expect, test } from "vitest";
import { extraRowOf } from "./extra-row.ts";

test("an extra row has the names of the columns, and only the columns that the record has", () => {
  const job = { name: "expirations", holder: "a", untilMs: 5 };
  expect(extraRowOf("job_leases", job)).toEqual({
    table: "job_leases",
    values: { name: "expirations", holder: "a", until_ms: 5 },
  });
});
