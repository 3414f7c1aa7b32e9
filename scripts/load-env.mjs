/** Reads `.env` where there is one. Node's own option --env-file-if-exists prints a line where there is none. */
import { existsSync } from "node:fs";

if (existsSync(".env")) process.loadEnvFile();
