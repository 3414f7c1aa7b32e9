import { describe, expect, test } from "vitest";
import { BatchSize } from "./batch-size.ts";

describe("the size of background batches", () => {
  test("a size grows up to its bound while batches are short", () => {
    const size = new BatchSize(50);
    for (let n = 0; n < 10; n += 1) size.took(2);
    expect(size.current).toBe(50);
  });

  test("a size is halved after a long batch, and is never below one", () => {
    const size = new BatchSize(50);
    for (let n = 0; n < 10; n += 1) size.took(2);
    size.took(400);
    expect(size.current).toBe(25);
    for (let n = 0; n < 10; n += 1) size.took(400);
    expect(size.current).toBe(1);
  });

  test("a size stays while batches take the time that is meant", () => {
    const size = new BatchSize(50);
    size.took(2);
    size.took(15);
    expect(size.current).toBe(2);
  });
});
