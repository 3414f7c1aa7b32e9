import { createHash } from "node:crypto";

/** The hash source that allows exactly this script or style in a Content-Security-Policy (CSP Level 3). */
export const cspHash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
