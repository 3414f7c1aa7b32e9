// Expected duration: 40 s on two cores.
import { describeUnreadAnswers } from "./unread-answers-suite.ts";

describeUnreadAnswers([
  "GET /docs",
  "GET /openapi.json",
  "GET /link, which is rendered by language",
  "unknown paths",
  "histories",
  "tRPC batches of twenty histories",
]);
