import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";

/** Determines the client's address. */
export type ClientAddress = (request: IncomingMessage) => string;

/** The unit that a rate limit counts: an IPv4 address or a /64 of IPv6, which is one household or server. */
function toNetwork(address: string): string {
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
 * Creates the function that determines the client's address. X-Forwarded-For counts only as far as trusted proxies wrote
 * it: the result is the last address in the chain that is not a trusted proxy.
 * @param trusted addresses and ranges (CIDR), or `loopback`, `linklocal`, `uniquelocal`.
 * @throws TypeError when an element of `trusted` is invalid.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const trust = proxyAddr.compile([...trusted]);
  return (request) => toNetwork(proxyAddr(request, trust));
}
