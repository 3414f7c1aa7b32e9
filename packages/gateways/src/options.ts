/** What a gateway works with, besides its settings. */
export type GatewayOptions = {
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
  /** How long a call may take: 10 seconds. */
  readonly timeoutMs?: number;
};

/** The options with their defaults. */
export const withDefaults = ({ now = Date.now, timeoutMs = 10_000 }: GatewayOptions): Required<GatewayOptions> => ({
  now,
  timeoutMs,
});
