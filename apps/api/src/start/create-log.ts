import { type Logger, pino } from "pino";

/** The log of the server: JSON lines on standard output, without secrets. */
export const createLog = (level: string): Logger =>
  pino({
    level,
    formatters: { level: (label) => ({ level: label }) },
    redact: ["authorization", "cookie", "password", "token", "*.authorization", "*.cookie", "*.password", "*.token"],
  });
