import { audits, doctor, settings, startAudit, status, testMail } from "./system.ts";

/** The operations on the installation, by noun and verb. */
export const systemOperations = { system: { audits, doctor, settings, startAudit, status, testMail } } as const;
