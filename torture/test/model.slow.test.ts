// Expected duration: 120 s on two cores.
import { testModel } from "./model-suite.ts";

testModel({ sqlite: 110_000, postgresql: 110_000, mysql: 40_000, mongodb: 40_000 }, 300_000);
