import { expect, test } from "vitest";
import { eventId } from "./event-id.ts";

test("the id of an event has its time", () => {
  for (const timeMs of [1_700_000_000_000, Date.now(), 4_102_444_800_000]) {
    expect(eventId.read(eventId.write(timeMs))).toEqual({ ok: true, value: timeMs });
  }
});

test.each([
  "",
  "x",
  "live-",
  "live-1",
  "live-0000000",
  "live-ZZZZZZZZ",
  "log-1",
  "live-99999999999999",
  "live-mixed\n1",
])("the text %j is no id of an event", (text) => {
  expect(eventId.read(text)).toMatchObject({
    refusal: { code: "VALIDATION_FAILED", issues: [{ path: "lastEventId" }] },
  });
});
