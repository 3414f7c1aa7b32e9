import { createHash } from "node:crypto";

/** SHA-256 in hexadecimal digits: what is kept of secrets that nobody can guess (OWASP ASVS 5.0, 6.5.2). */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
