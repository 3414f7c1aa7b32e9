import { testFaults } from "./fault-suite.ts";

testFaults([
  { kind: "sqlite", kills: 2, losses: 0, stops: 0, leastDone: 50 },
  { kind: "postgresql", kills: 4, losses: 40, stops: 1, leastDone: 50 },
  { kind: "mysql", kills: 2, losses: 20, stops: 1, leastDone: 50 },
  { kind: "mongodb", kills: 2, losses: 10, stops: 0, leastDone: 20 },
]);
