/**
 * The address that the first of `proxies` own proxies wrote into X-Forwarded-For. What stands before it comes from the
 * visitor and can be invented; undefined when there are no own proxies, or fewer addresses than proxies.
 */
export function addressBefore(proxies: number, header: string | null): string | undefined {
  if (!Number.isSafeInteger(proxies) || proxies < 1) return undefined;
  return header?.split(",").at(-proxies)?.trim() || undefined;
}
