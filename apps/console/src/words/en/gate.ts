import type { words as zh } from "../zh/gate.ts";

export const words: typeof zh = {
  title: "There is no admin yet",
  where:
    "The server printed a one-time link when it started. It creates the first admin. Look for setupLink in its log.",
  again: "The link has expired? This command on the server creates an admin too:",
};
