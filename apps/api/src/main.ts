import "./require-node.ts";
import { readFileSync } from "node:fs";
import { openDatabase } from "@jifen/database";
import { pino } from "pino";
import { createContainer } from "./container.ts";
import { listen } from "./http/listen.ts";
import { monitorDatabase } from "./modules/health/health-monitor.ts";
import { firstAdminLink } from "./modules/identity/use-cases/first-admin.ts";
import { provisionWhitelist } from "./provision-whitelist.ts";
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
  const state = { starting: true };
  const stopping = new AbortController();
  const opened = await openDatabase(settings.databaseUrl, { migrate: settings.autoMigrate });
  const monitor = monitorDatabase(opened, log);
  const { database } = monitor;
  const container = await createContainer({
    settings,
    log,
    database,
    isCircuitOpen: monitor.isCircuitOpen,
    isDraining: () => stopping.signal.aborted,
    isStarting: () => state.starting,
  });
  const { minPasswordLength, whitelist } = settings;
  const app = createServer({ deps: container.http, procedures: container.procedures, minPasswordLength });
  // Nothing slow comes before this, however many users the whitelist has: /readyz says when they are all there.
  const server = await listen(app, settings, log);

  const stop = async (signal: string) => {
    // A second signal does not speed up the stop: running requests finish first.
    if (stopping.signal.aborted) return;
    stopping.abort();
    try {
      await Promise.all([server.stop(), container.jobs.stop()]);
      await container.close();
      monitor.stop();
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

  monitor.start();
  container.jobs.start();
  const { identity } = container;
  if (whitelist.length > 0)
    log.info({ url: server.url, users: whitelist.length }, "listening; applying USER_WHITELIST");
  const applied = await provisionWhitelist({ identity, settings, log, signal: stopping.signal });
  if (applied === undefined) return;
  const hasUsers = !(await database.users.isEmpty());
  const setupLink = await firstAdminLink(identity, settings.adminEmails);
  state.starting = false;
  // The only secret that is ever logged: until there is an admin, the person who opens this link within an hour becomes one.
  const setup = setupLink === undefined ? {} : { setupLink };
  log.info({ url: server.url, database: database.kind, hasUsers, whitelist: applied, ...setup }, "ready");
});
