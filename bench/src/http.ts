/** Measures the server over HTTP, beside named baselines, and checks its books afterwards. */
import { batchPart } from "./http-parts/batch.ts";
import { prepareStage } from "./http-parts/fixture.ts";
import { loginsPart } from "./http-parts/logins.ts";
import { overloadPart } from "./http-parts/overload.ts";
import { processesPart } from "./http-parts/processes.ts";
import { balancePart, consumePart } from "./http-parts/single.ts";
import { lonePart } from "./http-parts/single-request-latency.ts";
import { runCommand } from "./run.ts";

await runCommand({
  name: "bench",
  parts: [
    consumePart("hot", "one account"),
    consumePart("spread", "10,000 accounts"),
    balancePart,
    lonePart,
    batchPart,
    processesPart,
    loginsPart,
    overloadPart,
  ],
  prepare: prepareStage,
});
