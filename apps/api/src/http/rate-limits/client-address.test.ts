import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { createClientAddress } from "./client-address.ts";

/** The parts of a request that the function reads. */
const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    connection: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

describe("createClientAddress", () => {
  test.each([
    {
      trusted: [],
      from: "192.0.2.1",
      forwarded: undefined,
      is: "192.0.2.1",
      says: "the client address is that of the connection",
    },
    {
      trusted: [],
      from: "192.0.2.1",
      forwarded: "1.1.1.1",
      is: "192.0.2.1",
      says: "X-Forwarded-For is ignored without a trusted proxy",
    },
    {
      trusted: ["192.0.2.0/24"],
      from: "192.0.2.1",
      forwarded: "1.1.1.1",
      is: "1.1.1.1",
      says: "X-Forwarded-For of a trusted proxy is used",
    },
    {
      trusted: ["192.0.2.0/24"],
      from: "192.0.2.1",
      forwarded: "6.6.6.6, 1.1.1.1",
      is: "1.1.1.1",
      says: "only the last address in X-Forwarded-For, which the trusted proxy wrote, is used",
    },
    {
      trusted: ["192.0.2.0/24", "10.0.0.0/8"],
      from: "192.0.2.1",
      forwarded: "6.6.6.6, 1.1.1.1, 10.1.1.1",
      is: "1.1.1.1",
      says: "addresses of several trusted proxies are skipped",
    },
    {
      trusted: ["loopback"],
      from: "::ffff:127.0.0.1",
      forwarded: "1.1.1.1",
      is: "1.1.1.1",
      says: "a trusted proxy is recognized by its IPv4-mapped IPv6 address",
    },
    {
      trusted: [],
      from: "::ffff:192.0.2.1",
      forwarded: undefined,
      is: "192.0.2.1",
      says: "an IPv4-mapped IPv6 address becomes an IPv4 address",
    },
    {
      trusted: [],
      from: "2001:db8:1:2:3:4:5:6",
      forwarded: undefined,
      is: "2001:db8:1:2::/64",
      says: "an IPv6 address is reduced to its /64 network",
    },
    {
      trusted: ["loopback"],
      from: "::1",
      forwarded: "not an address",
      is: "unknown",
      says: "an invalid X-Forwarded-For gives an unknown address",
    },
    {
      trusted: [],
      from: undefined,
      forwarded: undefined,
      is: "unknown",
      says: "a closed connection gives an unknown address",
    },
  ])("$says", ({ trusted, from, forwarded, is }) => {
    expect(createClientAddress(trusted)(request(from, forwarded))).toBe(is);
  });
});
