import { testTwoProcesses } from "./two-processes-suite.ts";

testTwoProcesses({ users: 60, holders: 15, durationMs: 1_000 });
