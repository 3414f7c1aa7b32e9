/** The second half of `npm start`, on a Node that runs TypeScript. */
import "../load-env.mjs";
import { build } from "./build.ts";
import { runServer } from "./run-server.ts";

await build();
await runServer(process.argv.slice(2));
