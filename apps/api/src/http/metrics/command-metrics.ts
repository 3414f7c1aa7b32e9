import { Gauge, type Registry } from "prom-client";
import type { Deps } from "../deps.ts";

/** Registers how many ledger commands are in progress, and how many can be. */
export function registerCommandMetrics(registry: Registry, { commandLimiter }: Pick<Deps, "commandLimiter">): void {
  const gauge = (name: string, help: string, read: (load: Deps["commandLimiter"]["load"]) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(commandLimiter.load));
      },
    });
  gauge("jifen_commands_admitted", "Ledger commands in progress.", ({ admitted }) => admitted);
  gauge("jifen_commands_waiting", "Requests that wait for capacity, a second at most.", ({ waiting }) => waiting);
  gauge("jifen_commands_capacity", "How many ledger commands can be in progress.", ({ capacity }) => capacity);
}
