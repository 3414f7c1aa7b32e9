import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { createClientAddress } from "./client-address.ts";

type Headers = { readonly "x-forwarded-for"?: string; readonly forwarded?: string };

/** The parts of a request that the function reads. */
const request = (remoteAddress: string | undefined, headers: Headers = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

const proxy = "192.0.2.1";
const ignoredFor = (headers: Headers, trusted: readonly string[]) => {
  const ignored: string[] = [];
  createClientAddress(trusted, (peer) => ignored.push(peer))(request(proxy, headers));
  return ignored;
};
const behind = (headers: Headers, trusted = [proxy]) => createClientAddress(trusted)(request(proxy, headers));
const xff = (text: string, trusted?: string[]) => behind({ "x-forwarded-for": text }, trusted);
const forwarded = (text: string, trusted?: string[]) => behind({ forwarded: text }, trusted);

describe("the address of a connection", () => {
  test.each([
    { from: "192.0.2.1", is: "192.0.2.1", says: "the client address is that of the connection" },
    { from: "::ffff:192.0.2.1", is: "192.0.2.1", says: "an IPv4-mapped IPv6 address becomes an IPv4 address" },
    { from: "::ffff:c000:201", is: "192.0.2.1", says: "an IPv4-mapped address in hexadecimal becomes an IPv4 address" },
    { from: "2001:db8:1:2:3:4:5:6", is: "2001:db8:1:2::/64", says: "an IPv6 address is reduced to its /64 network" },
    { from: "fe80::a:1%eth0", is: "fe80::a:1", says: "neighbours with link-local addresses are different clients" },
    { from: undefined, is: "unknown", says: "a closed connection gives an unknown address" },
  ])("$says", ({ from, is }) => {
    expect(createClientAddress([])(request(from))).toBe(is);
  });

  test("forwarded addresses are ignored without a trusted proxy", () => {
    expect(xff("203.0.113.7", [])).toBe(proxy);
    expect(forwarded("for=203.0.113.7", [])).toBe(proxy);
  });
});

describe("addresses that trusted proxies name", () => {
  test.each([
    { text: "203.0.113.7", is: "203.0.113.7", says: "a plain IPv4 address" },
    { text: " 203.0.113.7 ", is: "203.0.113.7", says: "an address between spaces" },
    { text: "203.0.113.7:5678", is: "203.0.113.7", says: "an address with the port of Azure's gateway" },
    { text: '"203.0.113.7:80"', is: "203.0.113.7", says: "a quoted address with a port" },
    { text: "2001:db8:1:2::3", is: "2001:db8:1:2::/64", says: "a plain IPv6 address" },
    { text: "[2001:db8:1:2::3]", is: "2001:db8:1:2::/64", says: "an IPv6 address in brackets" },
    { text: "[2001:db8:1:2::3]:443", is: "2001:db8:1:2::/64", says: "an IPv6 address in brackets with a port" },
    { text: "2001:DB8:1:2::3%25eth0", is: "2001:db8:1:2::/64", says: "an IPv6 address with a zone" },
    { text: "::ffff:203.0.113.7", is: "203.0.113.7", says: "an IPv4-mapped IPv6 address" },
    { text: "[::ffff:203.0.113.7]:1", is: "203.0.113.7", says: "an IPv4-mapped IPv6 address with a port" },
    { text: "6.6.6.6, 203.0.113.7", is: "203.0.113.7", says: "the last of several addresses" },
    { text: "6.6.6.6,,203.0.113.7, ,", is: "203.0.113.7", says: "the last address before empty elements" },
    {
      text: "6.6.6.6, 203.0.113.7:1, 192.0.2.1:2",
      is: "203.0.113.7",
      says: "the last before trusted proxies with ports",
    },
    { text: '"6.6.6.6, 203.0.113.7', is: "203.0.113.7", says: "the last address after an open quotation mark" },
    { text: "not an address", is: proxy, says: "the proxy for an invalid address" },
    { text: "6.6.6.6, unknown", is: proxy, says: "the proxy for an unknown address" },
    { text: "6.6.6.6, 1", is: proxy, says: "the proxy for a number" },
    { text: "6.6.6.6, 0x7f.1", is: proxy, says: "the proxy for an address in hexadecimal" },
    { text: "6.6.6.6, 203.0.113.7:1:2", is: proxy, says: "the proxy for an address with two ports" },
    { text: "6.6.6.6, , [", is: proxy, says: "the proxy for an open bracket" },
  ])("X-Forwarded-For gives $says", ({ text, is }) => {
    expect(xff(text)).toBe(is);
  });

  test.each([
    { text: "for=203.0.113.7", is: "203.0.113.7", says: "an address" },
    { text: 'For="203.0.113.7:4711";proto=https', is: "203.0.113.7", says: "a quoted address with a port" },
    { text: 'for="[2001:db8:cafe:1::17]:4711"', is: "2001:db8:cafe:1::/64", says: "an IPv6 address with a port" },
    { text: 'by="a,b;for=6.6.6.6";FOR=203.0.113.7', is: "203.0.113.7", says: "an address after quoted separators" },
    { text: 'proto=http;for="\\203.0.113.7"', is: "203.0.113.7", says: "an address with an escaped character" },
    { text: "for=6.6.6.6, for=203.0.113.7;by=192.0.2.1", is: "203.0.113.7", says: "the last of several elements" },
    { text: "for=6.6.6.6,for=203.0.113.7,for=192.0.2.1", is: "203.0.113.7", says: "the last before trusted proxies" },
    { text: "for=203.0.113.7:_port", is: "203.0.113.7", says: "an address with a hidden port" },
    { text: "for=6.6.6.6, for=unknown", is: proxy, says: "the proxy for an unknown client" },
    { text: "for=6.6.6.6, proto=https", is: proxy, says: "the proxy for an element without a client" },
    { text: 'for="6.6.6.6, for=203.0.113.7', is: "203.0.113.7", says: "the last element after an open quotation mark" },
    {
      text: 'for="a\\", for="203.0.113.7"',
      is: "203.0.113.7",
      says: "the last element after an escaped quotation mark",
    },
    { text: 'for="6.6.6.6', is: proxy, says: "the proxy for an open quotation mark" },
  ])("Forwarded gives $says", ({ text, is }) => {
    expect(forwarded(text)).toBe(is);
  });

  test("clients that a proxy hides under different names are different clients", () => {
    const [one, same, other] = ["for=_gazonk", 'for="_gazonk:99"', `for=_${"x".repeat(9_000)}`].map((text) =>
      forwarded(text),
    );
    expect(one).toBe(same);
    expect(new Set([one, other, proxy]).size).toBe(3);
    expect(other?.length).toBeLessThan(60);
  });

  test("X-Forwarded-For takes precedence over Forwarded, which proxies may pass on from the client", () => {
    expect(behind({ "x-forwarded-for": "203.0.113.7", forwarded: "for=6.6.6.6" })).toBe("203.0.113.7");
    expect(behind({ "x-forwarded-for": " , ", forwarded: "for=203.0.113.7" })).toBe("203.0.113.7");
  });

  test("a long header takes little time", () => {
    const startedAt = performance.now();
    for (const text of ['"'.repeat(15_001), '"\\'.repeat(7_500), ";,".repeat(7_500), "for=".repeat(4_000)]) {
      xff(text);
      forwarded(text);
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe("TRUST_PROXY", () => {
  const chain = "6.6.6.6, 203.0.113.7, 10.1.1.1";
  test.each([
    { trusted: [proxy, "10.0.0.0/8"], is: "203.0.113.7", says: "ranges" },
    { trusted: [proxy, "uniquelocal"], is: "203.0.113.7", says: "names" },
    { trusted: ["::ffff:192.0.2.0/120"], is: "10.1.1.1", says: "an IPv4-mapped range" },
    { trusted: ["192.0.2.0/255.255.255.0"], is: "10.1.1.1", says: "a range with a network mask" },
    { trusted: ["1"], is: "10.1.1.1", says: "one proxy" },
    { trusted: ["2"], is: "203.0.113.7", says: "two proxies" },
    { trusted: ["10"], is: "6.6.6.6", says: "more proxies than there are" },
  ])("trusts $says", ({ trusted, is }) => {
    expect(xff(chain, trusted)).toBe(is);
  });

  test("a trusted proxy is recognised by its IPv4-mapped IPv6 address", () => {
    const address = createClientAddress(["loopback"]);
    expect(address(request("::ffff:127.0.0.1", { "x-forwarded-for": "203.0.113.7" }))).toBe("203.0.113.7");
  });

  test.each([
    "true",
    "0",
    "100",
    "1.2.3",
    "010.0.0.1",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/33",
    "[::1]",
    "proxy.local",
    "::ffff:10.0.0.0/8",
    "*",
    "",
  ])("refuses %j", (element) => {
    expect(() => createClientAddress([element])).toThrow(TypeError);
  });

  test("refuses a number next to addresses", () => {
    expect(() => createClientAddress(["1", "10.0.0.0/8"])).toThrow(TypeError);
  });
});

describe("the visitor of a site", () => {
  const site = (text: string, trusted: string[]) =>
    createClientAddress(trusted)(request(proxy, { "x-forwarded-for": text }), true);

  test("is named by the site that is connected", () => {
    expect(site("203.0.113.7", [])).toBe("203.0.113.7");
  });

  test("is named by the site that a trusted proxy names", () => {
    expect(site("6.6.6.6, 203.0.113.7, 198.51.100.5", [proxy])).toBe("203.0.113.7");
  });

  test("is not what a proxy of the site passed on", () => {
    expect(site("6.6.6.6, 203.0.113.7", [])).toBe("203.0.113.7");
  });

  test("is the site itself when the site names none", () => {
    expect(createClientAddress([])(request(proxy), true)).toBe(proxy);
    expect(site("unknown", [])).toBe(proxy);
  });
});

test.each([
  {
    headers: { "x-forwarded-for": "203.0.113.7" },
    trusted: [],
    says: "an untrusted peer that names a client",
    ignored: [proxy],
  },
  { headers: { forwarded: "for=203.0.113.7" }, trusted: [], says: "Forwarded of an untrusted peer", ignored: [proxy] },
  { headers: { "x-forwarded-for": "203.0.113.7" }, trusted: [proxy], says: "a trusted proxy", ignored: [] },
  { headers: {}, trusted: [], says: "a peer that names no client", ignored: [] },
  {
    ...{ headers: { "x-forwarded-for": "203.0.113.7", "x-site-key": "key" }, trusted: [] },
    ...{ says: "a site with a key", ignored: [] },
  },
  {
    ...{ headers: { "x-forwarded-for": "198.51.100.9, 203.0.113.7" }, trusted: [proxy] },
    ...{ says: "a client that made up an address before a trusted proxy", ignored: [] },
  },
])("the forwarded address of $says is reported as ignored: $ignored", ({ headers, trusted, ignored }) => {
  expect(ignoredFor(headers, trusted)).toEqual(ignored);
});
