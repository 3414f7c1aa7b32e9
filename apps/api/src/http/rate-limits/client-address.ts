import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { parseHop, parseIp, readHops } from "./forwarded.ts";
import { compileTrust } from "./trusted-proxies.ts";

/**
 * Determines the client's address.
 * @param isSite whether the client that is found is a site that names its visitor: then the visitor's address counts.
 */
export type ClientAddress = (request: Pick<IncomingMessage, "socket" | "headers">, isSite?: boolean) => string;

/**
 * The unit that a rate limit counts: an IPv4 address or a /64 of IPv6, which is one household or server. All neighbours
 * share the /64 of link-local addresses, so these count each.
 */
export function toNetwork(address: string): string {
  const ip = parseIp(address);
  if (ip === undefined) return "unknown";
  const parsed = ipaddr.parse(ip);
  if (!(parsed instanceof ipaddr.IPv6) || parsed.range() === "linkLocal") return ip;
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(":")}::/64`;
}

/** A client whose proxy hides its address under a name of any length. */
const toHiddenClient = (proxy: string, name: string): string =>
  `${toNetwork(proxy)} _${createHash("sha256").update(name).digest("base64url").slice(0, 22)}`;

/**
 * Creates the function that determines the client's address. X-Forwarded-For and Forwarded count only as far as trusted
 * proxies wrote them: the result is the nearest address that is not a trusted proxy. Where a proxy names no client, the
 * result is the proxy.
 * @param trusted the elements of TRUST_PROXY, see `compileTrust`.
 * @param onIgnored called with the address of a peer that is no trusted proxy, and names a client all the same.
 * @throws TypeError when an element of `trusted` is invalid.
 */
export function createClientAddress(
  trusted: readonly string[],
  onIgnored: (peer: string) => void = () => undefined,
): ClientAddress {
  const trust = compileTrust(trusted);
  return ({ socket, headers }, isSite = false) => {
    let client = parseIp(socket.remoteAddress);
    // The connection is closed already: no client reads the response.
    if (client === undefined) return "unknown";
    let sites = isSite ? 1 : 0;
    for (const [distance, text] of readHops(headers).entries()) {
      if (!trust(client, distance)) {
        // The key of a site is looked up for some requests only, so that it is not known here whether it counts.
        if (distance === 0 && headers["x-site-key"] === undefined) onIgnored(client);
        if (sites === 0) break;
        sites -= 1;
      }
      const hop = parseHop(text);
      if (!hop) break;
      if ("hidden" in hop) return toHiddenClient(client, hop.hidden);
      client = hop.ip;
    }
    return toNetwork(client);
  };
}
