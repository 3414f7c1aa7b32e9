import type { MongoClient } from "mongodb";
import type { PoolUse } from "../../stores/pool-use.ts";

/** Counts the connections of a client, which has no numbers of its own, by the events of its pools. */
export function countConnections(client: MongoClient): () => PoolUse {
  let [open, busy, waiting] = [0, 0, 0];
  client.on("connectionCreated", () => {
    open += 1;
  });
  client.on("connectionClosed", () => {
    open -= 1;
  });
  client.on("connectionCheckOutStarted", () => {
    waiting += 1;
  });
  client.on("connectionCheckOutFailed", () => {
    waiting -= 1;
  });
  client.on("connectionCheckedOut", () => {
    waiting -= 1;
    busy += 1;
  });
  client.on("connectionCheckedIn", () => {
    busy -= 1;
  });
  return () => ({ busy, idle: Math.max(0, open - busy), waiting });
}
