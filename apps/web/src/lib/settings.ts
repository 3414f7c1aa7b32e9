import "server-only";

/** The URL at which this server reaches the API. It is not sent to browsers. */
export const jifenApiUrl = (): string => process.env["JIFEN_API_URL"] || "http://127.0.0.1:3001";

/** A service key with the scope `visitor-address`, if the API does not know this server's address. */
export const jifenSiteKey = (): string | undefined => process.env["JIFEN_SITE_KEY"] || undefined;

/** How many proxies stand before this server; each appends the address of its client to X-Forwarded-For. */
export const proxyCount = (): number => Number(process.env["PROXY_COUNT"] || 0);
