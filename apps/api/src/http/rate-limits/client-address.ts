import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";

/** Finds out from where a request came. */
export type ClientAddress = (request: IncomingMessage) => string;

/** What stands for one household or server: an IPv4 address, or the first half of an IPv6 one. */
function grouped(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(":")}::/64`
    : parsed.toString();
}

/**
 * The address of whoever asked. X-Forwarded-For counts only as far as it was written by proxies that are trusted: of those
 * who handed the request on, the last who is not.
 * @param trusted addresses and ranges (CIDR), or `loopback`, `linklocal`, `uniquelocal`.
 * @throws TypeError when one of them is none of that.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const trust = proxyAddr.compile([...trusted]);
  return (request) => grouped(proxyAddr(request, trust));
}
