import { describeBusyServer } from "./busy-server-suite.ts";

// The other requests are in busy-server.slow.test.ts.
describeBusyServer(["consumes with a forged token"]);
