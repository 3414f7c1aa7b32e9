import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** One secret for all servers of a run: a token of one is good on the others. */
const JWT_SECRET = randomBytes(32).toString("base64");

/** Starts the built server as it runs in production, on a free port. */
export const startApi = (databaseUrl: string): Promise<ServerProcess> =>
  startServerProcess(fileURLToPath(new URL("dist/main.js", import.meta.resolve("@jifen/api/package.json"))), {
    HOST: "127.0.0.1",
    PORT: "0",
    NODE_ENV: "production",
    JWT_SECRET,
    DATABASE_URL: databaseUrl,
  });
