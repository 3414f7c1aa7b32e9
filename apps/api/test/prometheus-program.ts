import { spawnSync } from "node:child_process";

/** Whether Prometheus is not installed. CI installs it, and fails without. */
export const isPrometheusMissing: boolean =
  !process.env["CI"] && spawnSync("promtool", ["--version"], { stdio: "ignore" }).status !== 0;
if (isPrometheusMissing) process.stderr.write("SKIPPED: alerts and scrapes by Prometheus, which is not installed\n");
