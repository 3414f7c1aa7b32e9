import { hash } from "node:crypto";

/** SHA-256 in hexadecimal digits: the stored form of random secrets (OWASP ASVS 5.0, 6.5.2). */
export const sha256 = (text: string): string => hash("sha256", text);
