import { toNetwork } from "../rate-limits/client-address.ts";
import { compileTrust } from "../rate-limits/trusted-proxies.ts";

/** How many connections there may be. Undefined: no limit. */
export type ConnectionLimits = {
  readonly total: number | undefined;
  readonly perAddress: number | undefined;
  /** Whether an address is that of a trusted proxy. Behind it there are many clients: only the total counts for it. */
  readonly isProxy: (address: string) => boolean;
  readonly networkOf: (address: string) => string;
};

/** The limits of the settings. */
export function createConnectionLimits({
  maxConnections,
  maxConnectionsPerAddress,
  trustedProxies,
}: {
  readonly maxConnections: number | undefined;
  readonly maxConnectionsPerAddress: number | undefined;
  readonly trustedProxies: readonly string[];
}): ConnectionLimits {
  const trust = compileTrust(trustedProxies);
  return {
    total: maxConnections,
    perAddress: maxConnectionsPerAddress,
    isProxy: (address) => trust(address, 0),
    networkOf: toNetwork,
  };
}
