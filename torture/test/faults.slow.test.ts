// Expected duration: 120 s on two cores.
import { testFaults } from "./fault-suite.ts";

testFaults([
  { kind: "sqlite", kills: 4, losses: 0, stops: 0 },
  { kind: "postgresql", kills: 16, losses: 300, stops: 2 },
  { kind: "mysql", kills: 8, losses: 100, stops: 2 },
  // Its primary steps down in another test, because every test on the same server would notice.
  { kind: "mongodb", kills: 6, losses: 60, stops: 0 },
]);
