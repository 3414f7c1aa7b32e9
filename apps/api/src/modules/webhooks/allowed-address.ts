import ipaddr from "ipaddr.js";

/** Addresses and networks that WEBHOOK_ALLOW lists. */
export type AllowedNetworks = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

/** Parses an address or a network, such as `10.0.0.0/8` or `::1`; undefined when it is none. */
export function parseNetwork(text: string): AllowedNetworks[number] | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!isWholeAddress(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

/** IPv4 only in four decimal parts: other forms mean different addresses to different programs. */
const isWholeAddress = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);

/** Whether an address is in one of the networks. */
export function isListed(text: string, networks: AllowedNetworks): boolean {
  if (!isWholeAddress(text)) return false;
  const address = ipaddr.process(text);
  return networks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits));
}

/**
 * Whether the server may connect to an address: a public unicast one, or one in the listed networks. Private, loopback,
 * link-local, multicast and reserved addresses are not, nor are IPv6 addresses that contain an IPv4 address.
 */
export function isAllowedAddress(text: string, networks: AllowedNetworks): boolean {
  if (isListed(text, networks)) return true;
  return isWholeAddress(text) && ipaddr.parse(text).range() === "unicast";
}
