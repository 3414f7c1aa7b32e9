/**
 * A program that outlives a run of tests, however it ends: by itself, by a signal, or killed. It waits for the end of its
 * standard input, whose other end the run holds, and removes what the run has left. RUN_FOLDER is the folder of the run.
 */
import { text } from "node:stream/consumers";
import { removeRun } from "./remove-run.ts";

await text(process.stdin);
await removeRun(String(process.env["RUN_FOLDER"]));
