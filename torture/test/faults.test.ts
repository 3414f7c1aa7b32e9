import { testFaults } from "./fault-suite.ts";

testFaults([
  { kind: "sqlite", kills: 2, losses: 0, stops: 0 },
  { kind: "postgresql", kills: 2, losses: 20, stops: 1 },
  { kind: "mysql", kills: 2, losses: 20, stops: 1 },
  { kind: "mongodb", kills: 2, losses: 10, stops: 0 },
]);
