import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from "node:tls";
import type { TlsRequest } from "./tls.ts";
import { UnsupportedDatabaseUrl } from "./unsupported-url.ts";

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnsupportedDatabaseUrl(`names a certificate or key file that cannot be read (${code}): ${file}`);
  }
}

/**
 * The options of Node.js for a connection that must be encrypted.
 * @param host the name that the certificate must have when the request verifies it
 * @throws UnsupportedDatabaseUrl when a file cannot be read
 */
export function tlsOptions(request: TlsRequest, host: string): ConnectionOptions {
  const { level, authorityFile, certificateFile, keyFile, identityFile, passphrase } = request;
  const isVerifying = level === "verify-ca" || level === "verify-full";
  return {
    rejectUnauthorized: isVerifying,
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      level === "verify-full" ? checkServerIdentity(host, certificate) : undefined,
    ...(authorityFile !== undefined && { ca: contentOf(authorityFile) }),
    ...(certificateFile !== undefined && { cert: contentOf(certificateFile) }),
    ...(keyFile !== undefined && { key: contentOf(keyFile) }),
    ...(identityFile !== undefined && { pfx: contentOf(identityFile) }),
    ...(passphrase !== undefined && { passphrase }),
  };
}
