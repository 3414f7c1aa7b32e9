import { jsonValue, property, assert as propertyHolds, string } from "fast-check";
import { expect, test } from "vitest";
import { createNdjsonFormatter } from "./ndjson.ts";

type Row = { readonly logId: string; readonly details: unknown };

const formatter = createNdjsonFormatter<Row, { readonly rows: number }>(({ logId, details }) => ({ logId, details }));

test("an NDJSON file has one object a line, and ends with the total", () => {
  const file =
    formatter.head() +
    formatter.rows([{ logId: "log-1", details: { a: "x\r\ny" } }]) +
    formatter.rows([]) +
    formatter.rows([{ logId: "log-2", details: null }]) +
    formatter.total({ rows: 2 });
  expect(file).toBe(
    '{"logId":"log-1","details":{"a":"x\\r\\ny"}}\n{"logId":"log-2","details":null}\n{"total":{"rows":2}}\n',
  );
});

test("any objects are read back from NDJSON line by line", () => {
  void propertyHolds(
    property(string({ unit: "binary-ascii", maxLength: 20 }), jsonValue({ maxDepth: 3 }), (logId, details) => {
      const rows = [
        { logId, details },
        { logId: "log-2", details: logId },
      ];
      const lines = formatter.rows(rows).split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(rows)));
    }),
  );
});

test("lone surrogates are escaped, so that the file is valid UTF-8", () => {
  const line = formatter.rows([{ logId: "\ud800", details: null }]);
  expect(Buffer.from(line).toString()).toBe(line);
});
