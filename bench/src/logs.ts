/** Measures the call log in this process against named baselines, and checks the rows and the sums afterwards. */
import { runCommand } from "./bench.ts";
import { besidePart } from "./logs/beside.ts";
import { exportParts } from "./logs/export.ts";
import { httpParts } from "./logs/http.ts";
import { keepingParts } from "./logs/keeping.ts";
import { pagesParts } from "./logs/pages.ts";
import { sumsParts } from "./logs/sums.ts";
import { writeParts } from "./logs/write.ts";

await runCommand("bench:logs", [
  ...writeParts,
  ...httpParts,
  besidePart,
  ...pagesParts,
  ...sumsParts,
  ...exportParts,
  ...keepingParts,
]);
