import { Counter } from "prom-client";

/** Counts users that are created because a service key names them, for the metrics. */
export type NewUserMeter = {
  readonly metrics: readonly Counter[];
  created(): void;
};

/** Creates the metric. It is registered where the metrics of the process are served. */
export function createNewUserMeter(): NewUserMeter {
  const created = new Counter({
    name: "jifen_named_users_created_total",
    help: "Users that were created because a service key named them.",
    registers: [],
  });
  return { metrics: [created], created: () => created.inc() };
}
