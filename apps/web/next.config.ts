import { join } from "node:path";
import type { NextConfig } from "next";

const repository = join(import.meta.dirname, "../..");

/** Pages have a Content-Security-Policy with a nonce (src/proxy.ts); everything else can load nothing. */
const filePolicy = { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" };

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "same-origin" },
];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    ...["/api/:path*", "/_next/static/:path*", "/icon.svg"].map((source) => ({ source, headers: [filePolicy] })),
  ],
  // The forms of this site are small.
  experimental: { serverActions: { bodySizeLimit: "100kb" }, proxyClientMaxBodySize: "100kb" },
};

export default config;
