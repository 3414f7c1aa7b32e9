import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate of one's own, and the key of it, as files that every user may read. */
export type Certificate = Disposable & {
  /** The certificate, which is its own authority. */
  readonly certificateFile: string;
  readonly keyFile: string;
};

/** How the keys of certificates are made, as `openssl` says it. */
const keyOptions = {
  ec: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
  rsa: ["-newkey", "rsa:2048"],
};

/** Makes a self-signed certificate for this host name, with `openssl`. */
export function makeCertificate(host: string, algorithm: keyof typeof keyOptions = "ec"): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "jifen-certificate-"));
  chmodSync(folder, 0o755);
  const [certificateFile, keyFile] = [join(folder, "server.crt"), join(folder, "server.key")];
  const kind = /^[\d.]+$/.test(host) ? "IP" : "DNS";
  const request = ["req", "-x509", ...keyOptions[algorithm], "-nodes", "-days", "2"];
  const names = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=${kind}:${host}`];
  execFileSync("openssl", [...request, ...names, "-keyout", keyFile, "-out", certificateFile], { stdio: "ignore" });
  chmodSync(keyFile, 0o644);
  return { certificateFile, keyFile, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
