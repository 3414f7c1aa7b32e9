import { isIPv6 } from "node:net";

/** Addresses that stand for every interface; a browser cannot open them. */
const EVERY_INTERFACE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** The URL at which this machine reaches a server that listens there. */
export function serverUrl({ host, port }: { readonly host: string | undefined; readonly port: number }): string {
  if (host === undefined || EVERY_INTERFACE.has(host)) return `http://localhost:${port}`;
  // RFC 6874: the zone of an address begins with an encoded percent sign.
  return `http://${isIPv6(host) ? `[${host.replace("%", "%25")}]` : host}:${port}`;
}
