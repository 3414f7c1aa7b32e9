import type { TlsFileNames } from "./tls.ts";

/** The parameters that name files, for each SQL database. */
export const tlsFiles = {
  postgresql: { authority: ["sslrootcert"], certificate: "sslcert", key: "sslkey" },
  mysql: { authority: ["ssl-ca", "sslrootcert", "sslcert"], certificate: "ssl-cert", key: "ssl-key" },
} as const satisfies Record<string, TlsFileNames>;
