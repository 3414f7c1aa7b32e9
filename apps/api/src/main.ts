import "./require-node.ts";
import { readFileSync } from "node:fs";
import { openDatabase } from "@jifen/database";
import { pino } from "pino";
import { createContainer } from "./container.ts";
import { listen } from "./http/listen.ts";
import { startHousekeeping } from "./jobs/housekeeping.ts";
import { startSweeper } from "./jobs/sweeper.ts";
import { monitorDatabase } from "./modules/health/health-monitor.ts";
import { applyWhitelist } from "./modules/identity/use-cases/apply-whitelist.ts";
import { firstAdminLink } from "./modules/identity/use-cases/first-admin.ts";
import { reportStartupError } from "./report-startup-error.ts";
import { createServer } from "./server.ts";
import { parseSettings } from "./settings/settings.ts";

await reportStartupError(async () => {
  const settings = parseSettings({
    env: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    workingDirectory: process.cwd(),
  });
  const log = pino({
    level: settings.logLevel,
    formatters: { level: (level) => ({ level }) },
    redact: ["authorization", "cookie", "password", "token", "*.authorization", "*.cookie", "*.password", "*.token"],
  });
  const state = { draining: false };
  const opened = await openDatabase(settings.databaseUrl, { migrate: settings.autoMigrate });
  const watch = monitorDatabase(opened, log);
  const { database, isAway: isCircuitOpen } = watch;
  const container = await createContainer({
    settings,
    log,
    database,
    isCircuitOpen,
    isDraining: () => state.draining,
  });

  const { identity, credits } = container;
  const whitelist = await applyWhitelist(identity, settings.whitelist, settings.initialCredits);
  const { minPasswordLength } = settings;
  const app = createServer({ deps: container.http, procedures: container.procedures, minPasswordLength });
  const server = await listen(app, settings, log);
  const sweeper = startSweeper({ ledger: credits.ledger, log });
  const housekeeping = startHousekeeping({ database, nowMs: Date.now, log });
  const hasUsers = !(await database.users.isEmpty());
  const setupLink = await firstAdminLink(identity, settings.adminEmails);
  // The one secret that is ever written here: while nobody is an admin, who opens this within an hour is.
  const setup = setupLink === undefined ? {} : { setupLink };
  watch.start();
  log.info({ url: server.url, database: database.kind, hasUsers, whitelist, ...setup }, "ready");

  const stop = async (signal: string) => {
    // Whoever asks twice does not get it faster: running requests finish first.
    if (state.draining) return;
    state.draining = true;
    try {
      await server.stop();
      await sweeper.stop();
      await housekeeping.stop();
      await container.close();
      watch.stop();
      await database.close();
      log.info({ signal }, "stopped");
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, "stopped with an error");
      process.exit(1);
    }
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
});
