import { describe, expect, test } from "vitest";
import { tooOld } from "./durability.ts";

describe("the version check of MySQL and MariaDB", () => {
  test.each([
    "10.6.0-MariaDB",
    "10.11.19-MariaDB-0+deb12u1",
    "11.4.2-MariaDB-log",
    "5.5.5-10.11.6-MariaDB",
    "12.0.1-MariaDB",
    "8.0.21",
    "8.0.44-0ubuntu0.24.04.1",
    "8.4.0",
    "9.5.0-cloud",
  ])("accepts a server of version %s", (version) => {
    expect(tooOld(version)).toBeUndefined();
  });

  test.each(["10.5.29-MariaDB", "5.5.68-MariaDB", "5.7.44-log", "8.0.20", "8.0.2"])(
    "refuses a server of version %s and names the version that is needed",
    (version) => {
      expect(tooOld(version)).toMatch(/is too old: Jifen needs (10\.6\.0|8\.0\.21) or newer/);
    },
  );
});
