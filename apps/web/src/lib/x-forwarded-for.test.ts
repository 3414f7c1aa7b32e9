import { describe, expect, test } from "vitest";
import { addressBefore } from "./x-forwarded-for.ts";

describe("addressBefore", () => {
  test.each([
    { proxies: 1, header: "203.0.113.7", is: "203.0.113.7", says: "one proxy appended the visitor" },
    { proxies: 1, header: "6.6.6.6, 203.0.113.7", is: "203.0.113.7", says: "what the visitor sent is ignored" },
    { proxies: 2, header: "6.6.6.6, 2001:db8::7,10.0.0.1", is: "2001:db8::7", says: "two proxies appended addresses" },
    { proxies: 3, header: "203.0.113.7", is: undefined, says: "fewer addresses than proxies name no visitor" },
    { proxies: 0, header: "6.6.6.6", is: undefined, says: "without proxies the header is the visitor's own" },
    { proxies: Number.NaN, header: "6.6.6.6", is: undefined, says: "an invalid number of proxies names no visitor" },
    { proxies: 1, header: null, is: undefined, says: "without the header there is no address" },
    { proxies: 1, header: "203.0.113.7, ", is: undefined, says: "an empty element is no address" },
  ])("$says", ({ proxies, header, is }) => {
    expect(addressBefore(proxies, header)).toBe(is);
  });
});
