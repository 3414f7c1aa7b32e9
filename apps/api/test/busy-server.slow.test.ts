// Expected duration: 30 s on two cores.
import { describeBusyServer } from "./busy-server-suite.ts";

describeBusyServer([
  "GET /livez",
  "unknown paths",
  "preflights",
  "consumes without a credential",
  "balances of the same user",
]);
