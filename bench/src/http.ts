/** Measures the server over HTTP against named baselines, and checks the databases afterwards. */
import { runCommand } from "./bench.ts";
import { formerPart } from "./http/former.ts";
import { overloadPart } from "./http/overload.ts";
import { pricedPart } from "./http/priced.ts";
import { balancePart, consumePart } from "./http/throughput.ts";
import { batchPart, latencyPart, loginsPart, processesPart } from "./http/variants.ts";

const [hot, spread] = [consumePart("hot", "one account"), consumePart("spread", "10,000 accounts")];
await runCommand("bench", [
  hot,
  spread,
  balancePart,
  pricedPart,
  latencyPart,
  batchPart,
  processesPart,
  loginsPart,
  overloadPart,
  formerPart,
]);
