/** Measures the call log in this process against named baselines, and checks the rows and the sums afterwards. */
import { runCommand } from "./bench.ts";
import { besidePart } from "./logs/beside.ts";
import { pagesParts } from "./logs/pages.ts";
import { writeParts } from "./logs/write.ts";

await runCommand("bench:logs", [...writeParts, besidePart, ...pagesParts]);
