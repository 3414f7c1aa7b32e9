import { expect, test } from "vitest";
import { type AllowedNetworks, isAllowedAddress, isListed, parseNetwork } from "./allowed-address.ts";

const networks = (...texts: readonly string[]) => texts.map(parseNetwork) as unknown as AllowedNetworks;

test.each(["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])("%s is a public address", (address) => {
  expect(isAllowedAddress(address, [])).toBe(true);
});

test.each([
  "127.0.0.1",
  "127.8.8.8",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "192.0.2.1",
  "198.18.0.1",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:8.8.8.8",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001:0:1::1",
  "fe80::1",
  "fc00::1",
  "fd12::1",
  "ff02::1",
  "fec0::1",
  "0177.0.0.1",
  "2130706433",
  "0x7f000001",
  "127.1",
  "example.com",
  "",
])("%s is refused", (address) => {
  expect(isAllowedAddress(address, [])).toBe(false);
});

test("an address in a listed network is allowed, also in its mapped form, and others are not", () => {
  const listed = networks("10.0.0.0/8", "127.0.0.1", "fd00::/8");
  for (const address of ["10.9.9.9", "127.0.0.1", "::ffff:10.0.0.1", "fd00::5"]) {
    expect([address, isAllowedAddress(address, listed), isListed(address, listed)]).toEqual([address, true, true]);
  }
  for (const address of ["11.0.0.1", "127.0.0.2", "fe80::1", "192.168.0.1"]) {
    expect([address, isListed(address, listed)]).toEqual([address, false]);
  }
  expect(isAllowedAddress("8.8.8.8", listed)).toBe(true);
});

test.each(["10.0.0.0/33", "localhost", "10", "", "0x7f.1"])("%j is no network", (text) => {
  expect(parseNetwork(text)).toBeUndefined();
});
