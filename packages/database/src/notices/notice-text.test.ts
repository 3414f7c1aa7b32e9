import { userId } from "@jifen/core";
import { expect, test } from "vitest";
import { createNoticeTexts } from "./notice-text.ts";

const users = (count: number) => new Set(Array.from({ length: count }, (_, n) => userId(`user-${n}@example.com`)));
const [here, there] = [createNoticeTexts(), createNoticeTexts()];

test("another process reads the users of a notice, and the process that sent it reads nothing", () => {
  const text = here.write(users(3));
  expect(there.read(text)).toEqual(users(3));
  expect(here.read(text)).toBeUndefined();
});

test("a notice of more users than fit into 7,000 bytes names all users", () => {
  expect(there.read(here.write(users(200)))).toEqual(users(200));
  const text = here.write(users(2_000));
  expect(text.length).toBeLessThan(100);
  expect(there.read(text)).toBe("all");
  expect(there.read(here.write("all"))).toBe("all");
});

test.each(["", "x", "x {}", "x [1]", 'x [""]', "x [", "x null"])(
  "a notice %j that cannot be read names all users",
  (text) => {
    expect(here.read(text)).toBe("all");
  },
);
