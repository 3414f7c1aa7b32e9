import { validate, version } from "uuid";
import { describe, expect, test } from "vitest";
import { createUuids, createUuidsAt } from "./ids.ts";

describe("an id", () => {
  test("is a UUID of version 7 that begins with the time", () => {
    const id = createUuids(() => 0x0123_4567_89ab)();
    expect({ isUuid: validate(id), version: version(id) }).toEqual({ isUuid: true, version: 7 });
    expect(id.slice(0, 13)).toBe("01234567-89ab");
  });

  test("is greater than the one before, within a millisecond and when the clock is set back", () => {
    const times = [5, 5, 5, 6, 4, 4, 6, 7];
    let at = 0;
    const next = createUuids(() => times[Math.floor(at++ / 200)] ?? 8);
    const ids = Array.from({ length: 2_000 }, next);
    expect(new Set(ids).size).toBe(2_000);
    expect(ids).toEqual(ids.toSorted());
  });

  test("cannot be guessed from another: the end of each is random", () => {
    const next = createUuids(() => 5);
    const ends = Array.from({ length: 1_000 }, () => next().slice(-8));
    expect(new Set(ends).size).toBeGreaterThan(990);
  });
});

describe("an id of a given time", () => {
  test("begins with the time, whatever the one before had", () => {
    const uuidAt = createUuidsAt();
    for (const timeMs of [0x0123_4567_89ab, 5, 0x0123_4567_89ac, 0]) {
      const id = uuidAt(timeMs);
      expect({ isUuid: validate(id), version: version(id) }).toEqual({ isUuid: true, version: 7 });
      expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(timeMs);
    }
  });

  test("is unique among those of its millisecond, and greater than the one before it when both have the same", () => {
    const uuidAt = createUuidsAt();
    const inARow = Array.from({ length: 2_000 }, () => uuidAt(5));
    expect(inARow).toEqual(inARow.toSorted());
    const inTurns = Array.from({ length: 4_000 }, (_, n) => uuidAt(5 + (n % 2)));
    expect(new Set([...inARow, ...inTurns]).size).toBe(6_000);
  });
});
