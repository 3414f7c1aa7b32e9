import { testModel } from "./model-suite.ts";

testModel({ sqlite: 19_000, postgresql: 19_000, mysql: 19_000, mongodb: 19_000 }, 180_000);
