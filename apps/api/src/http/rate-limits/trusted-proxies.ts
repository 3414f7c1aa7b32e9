import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";

/** Whether a proxy is trusted: by its address, or by its distance (0 is the other end of the connection). */
export type Trust = (ip: string, distance: number) => boolean;

const NAMES = ["loopback", "linklocal", "uniquelocal"];

/**
 * Creates the function from the elements of TRUST_PROXY: addresses, ranges (CIDR) and `loopback`, `linklocal`,
 * `uniquelocal`; or one number, which trusts that many proxies whatever their addresses.
 * @throws TypeError when an element is none of these, or would trust nothing.
 */
export function compileTrust(elements: readonly string[]): Trust {
  const [first = "", ...others] = elements;
  if (/^[1-9]\d?$/.test(first) && others.length === 0) return (_, distance) => distance < Number(first);
  for (const element of elements) if (!NAMES.includes(element)) assertAddress(element);
  return proxyAddr.compile([...elements]);
}

/** proxy-addr also accepts `1` for 0.0.0.1, `010.0.0.1` for 8.0.0.1, and a mapped range that matches no address. */
function assertAddress(element: string): void {
  const [address = "", bits] = element.split("/");
  if (isIP(address) === 0) throw new TypeError(`invalid IP address: ${address}`);
  const parsed = ipaddr.parse(address);
  const isMapped = parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress();
  if (isMapped && bits !== undefined && Number(bits) < 96) throw new TypeError(`invalid range on address: ${element}`);
}
