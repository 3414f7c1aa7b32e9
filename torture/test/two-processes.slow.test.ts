// Expected duration: 60 s on two cores.
import { testTwoProcesses } from "./two-processes-suite.ts";

testTwoProcesses({ users: 250, holders: 30, durationMs: 6_000 });
