import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { createClientAddress } from "./client-address.ts";

/** What the function reads of a request. */
const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    connection: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

describe("the address of whoever asks", () => {
  test.each([
    { trusted: [], from: "192.0.2.1", forwarded: undefined, is: "192.0.2.1", says: "is that of the connection" },
    { trusted: [], from: "192.0.2.1", forwarded: "1.1.1.1", is: "192.0.2.1", says: "cannot be claimed" },
    { trusted: ["192.0.2.0/24"], from: "192.0.2.1", forwarded: "1.1.1.1", is: "1.1.1.1", says: "is told by a proxy" },
    {
      trusted: ["192.0.2.0/24"],
      from: "192.0.2.1",
      forwarded: "6.6.6.6, 1.1.1.1",
      is: "1.1.1.1",
      says: "is the last that a trusted proxy wrote, not what stood before",
    },
    {
      trusted: ["192.0.2.0/24", "10.0.0.0/8"],
      from: "192.0.2.1",
      forwarded: "6.6.6.6, 1.1.1.1, 10.1.1.1",
      is: "1.1.1.1",
      says: "is found behind several proxies",
    },
    { trusted: ["loopback"], from: "::ffff:127.0.0.1", forwarded: "1.1.1.1", is: "1.1.1.1", says: "from a mapped one" },
    { trusted: [], from: "::ffff:192.0.2.1", forwarded: undefined, is: "192.0.2.1", says: "is IPv4 when it is mapped" },
    {
      trusted: [],
      from: "2001:db8:1:2:3:4:5:6",
      forwarded: undefined,
      is: "2001:db8:1:2::/64",
      says: "is half of IPv6, which is what one household has",
    },
    { trusted: ["loopback"], from: "::1", forwarded: "not an address", is: "unknown", says: "may be nonsense" },
    { trusted: [], from: undefined, forwarded: undefined, is: "unknown", says: "may be missing" },
  ])("$says", ({ trusted, from, forwarded, is }) => {
    expect(createClientAddress(trusted)(request(from, forwarded))).toBe(is);
  });
});
