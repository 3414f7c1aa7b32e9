import type { Logger } from "pino";

/** A request with an address in X-Forwarded-For or Forwarded that does not count. */
export type UnnamedProxy = {
  /** The peer that sent it, which TRUST_PROXY does not name. */
  readonly address: string;
  /** Epoch milliseconds. */
  readonly seenAtMs: number;
};

/** Notices that the server is probably behind a proxy that TRUST_PROXY does not name. */
export type ProxyNotice = {
  /** Call it for a request whose forwarded address does not count. Warns in the log, once in the life of the process. */
  note(address: string): void;
  /** The last such request; undefined when there was none. */
  last(): UnnamedProxy | undefined;
};

/** Creates the notice. A client can send such a header by itself: it is a hint, and changes nothing. */
export function createProxyNotice(log: Logger, nowMs: () => number): ProxyNotice {
  let last: UnnamedProxy | undefined;
  return {
    note: (address) => {
      const isFirst = last === undefined;
      last = { address, seenAtMs: nowMs() };
      if (!isFirst) return;
      log.warn(
        { proxy: address },
        "X-Forwarded-For or Forwarded came from an address that TRUST_PROXY does not name, and was ignored: behind a proxy, all clients count as one until TRUST_PROXY names it",
      );
    },
    last: () => last,
  };
}
