import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { isEscaped } from "../is-escaped.ts";

/** One hop as a proxy named it: an IP address, or a name that hides one (RFC 7239, section 6.3). */
export type Hop = { readonly ip: string } | { readonly hidden: string };

const withoutEmpty = (parts: readonly string[]) => parts.map((part) => part.trim()).filter((part) => part !== "");

/**
 * Splits a text at a separator outside quotation marks. Reads from the end, so that a client that sends an open quotation
 * mark hides nothing that a proxy has appended.
 */
function splitUnquoted(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let [isQuoted, end] = [false, text.length];
  for (let index = text.length - 1; index >= 0; index -= 1) {
    if (text[index] === '"' && !isEscaped(text, index)) isQuoted = !isQuoted;
    if (text[index] !== separator || isQuoted) continue;
    parts.push(text.slice(index + 1, end));
    end = index;
  }
  return withoutEmpty([...parts, text.slice(0, end)].toReversed());
}

const unquote = (text: string): string => (/^".*"$/s.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, "$1") : text);

/** An IP address in its shortest form, IPv4 also for IPv4-mapped IPv6, without a zone; undefined for anything else. */
export function parseIp(text: string | undefined): string | undefined {
  const address = text?.replace(/%.*$/, "") ?? "";
  return isIP(address) === 0 ? undefined : ipaddr.process(address).toString();
}

/**
 * Parses a hop in any form that proxies write: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`, in
 * quotes or not, or a hidden name such as `_gazonk`. undefined when it names no client, such as `unknown`.
 */
export function parseHop(text: string): Hop | undefined {
  const node = unquote(text.trim()).trim();
  const host =
    /^\[(?<v6>[^\]]*)\](?::[\w.-]*)?$/.exec(node)?.groups?.["v6"] ?? /^(?<v4>[\d.]+):[\w.-]*$/.exec(node)?.[1];
  const ip = parseIp(host ?? node);
  if (ip !== undefined) return { ip };
  const hidden = /^(?<name>_[\w.-]+?)(?::[\w.-]*)?$/.exec(node)?.groups?.["name"];
  return hidden === undefined ? undefined : { hidden };
}

/** The `for` of each element of a Forwarded header (RFC 7239); an element without it names no client. */
const readForwarded = (header: string): readonly string[] =>
  splitUnquoted(header, ",").map((element) => {
    const client = splitUnquoted(element, ";").find((parameter) => /^for\s*=/i.test(parameter));
    return client?.slice(client.indexOf("=") + 1) ?? "unknown";
  });

/**
 * The hops that the proxies named, the nearest first. X-Forwarded-For takes precedence: nearly every proxy writes it, and
 * passes on a Forwarded header that the client made up.
 */
export function readHops(headers: IncomingHttpHeaders): readonly string[] {
  const named = withoutEmpty([headers["x-forwarded-for"] ?? ""].flat().join(",").split(","));
  return (named.length > 0 ? named : readForwarded(headers.forwarded ?? "")).toReversed();
}
