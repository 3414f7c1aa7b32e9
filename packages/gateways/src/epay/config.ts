/** The settings of an epay merchant. */
export type EpayConfig = {
  /** The address of the gateway as people copy it: with `/`, `/submit.php` or `/mapi.php` at its end, or without. */
  readonly url: string;
  readonly pid: string;
  /** The merchant's key: signs orders and notices, and stands in queries. */
  readonly key: string;
  /** Kinds of payment that the merchant has: `alipay`, `wxpay` and others. */
  readonly types: readonly string[];
  /** `redirect`: the browser opens the order. `api`: the server asks for a QR code. */
  readonly mode: "redirect" | "api";
  /** Whether a notice counts only after a query. Off is for gateways without queries: then MD5 alone proves a payment. */
  readonly isConfirmed: boolean;
  /** Whether the gateway offers refunds by API. */
  readonly canRefund: boolean;
};

/** What is wrong with the address of a gateway; undefined when it can be used. */
export function epayUrlProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return "must be the address of the gateway, such as https://pay.example.com";
  const { protocol, search, hash, pathname, username } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return "must begin with https://";
  if (search !== "" || hash !== "" || username !== "") return "must have no query and no user";
  return /\/v\d+\/?$/.test(pathname) ? "must not end with the version of another API, such as /v1" : undefined;
}

/** The address without what people copy with it. */
export const cleanEpayUrl = (url: string): string => url.trim().replace(/\/*((submit|mapi|api)\.php)?\/*$/i, "");
