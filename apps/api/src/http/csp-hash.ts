import { createHash } from "node:crypto";

/** What allows a script or style of our own, and no other, in a Content-Security-Policy (CSP Level 3). */
export const cspHash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
