import "./require-node.ts";
import { readFileSync } from "node:fs";
import { createContainer } from "./container.ts";
import { createConnectionLimits } from "./http/connections/limits.ts";
import { KnownCredentials } from "./http/known-credentials.ts";
import { type Listening, listen } from "./http/listen.ts";
import { createClientAddress } from "./http/rate-limits/client-address.ts";
import { createProxyNotice } from "./http/rate-limits/unnamed-proxy.ts";
import { createRefusalRecorder } from "./http/refusals/recorder.ts";
import { RequestScheduler } from "./http/request-scheduler.ts";
import { createResponses } from "./http/responses.ts";
import { createStartingApp } from "./http/starting-app.ts";
import { announcePayments } from "./modules/billing/announce-payments.ts";
import { monitorDatabase } from "./modules/health/health-monitor.ts";
import { checkRights } from "./modules/health/use-cases/check-rights.ts";
import { monitorWrites } from "./modules/health/write-monitor.ts";
import { developmentSecret } from "./modules/identity/credentials/development-secret.ts";
import { createLogMeter } from "./modules/logs/log-meter.ts";
import { provisionWhitelist } from "./provision-whitelist.ts";
import { refuseArguments } from "./refuse-arguments.ts";
import { createServer } from "./server.ts";
import { logMisspeltSettings } from "./settings/misspelt-settings.ts";
import { parseSettings, settingTable } from "./settings/settings.ts";
import { createLog } from "./start/create-log.ts";
import { dataPlace } from "./start/data-place.ts";
import { openForServer } from "./start/open-for-server.ts";
import { reportStartupError } from "./start/report-startup-error.ts";
import { createSetupLink } from "./start/setup-link.ts";
import { inStage } from "./start/stage.ts";
import { stopOnSignal } from "./start/stop-on-signal.ts";

await reportStartupError(async () => {
  refuseArguments(process.argv.slice(2));
  const settings = parseSettings({
    env: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    workingDirectory: process.cwd(),
  });
  const log = createLog(settings.logLevel);
  logMisspeltSettings(Object.keys(process.env), settingTable, log);
  const state = { starting: true };
  const stopping = new AbortController();
  // Whatever can fail comes before the tables are migrated: the folder of the secret, the connection, the port.
  if (settings.jwtSecrets.length === 0) await inStage("data folder", () => developmentSecret(settings.dataDir));
  const logMeter = createLogMeter();
  const [refusalRecorder, proxyNotice] = [createRefusalRecorder(log), createProxyNotice(log, Date.now)];
  const clientAddress = createClientAddress(settings.trustedProxies, proxyNotice.note);
  let app = createStartingApp(createResponses({ ...settings, refusalRecorder, clientAddress }));
  const scheduling = { scheduler: new RequestScheduler(), knownCredentials: new KnownCredentials(Date.now) };
  const parts = { ...scheduling, refusalRecorder, log };
  const listenOptions = { ...settings, ...parts, connections: createConnectionLimits(settings) };
  let listening: Listening | undefined;
  const startListening = async () => {
    listening ??= await inStage("listening", () => listen({ fetch: (...args) => app.fetch(...args) }, listenOptions));
    return listening;
  };
  // Migrations may take long: until they are done, /livez answers 200 and all else 503.
  const opened = await inStage("database", () =>
    openForServer({ ...settings, log, onBatch: logMeter.onBatch, listen: startListening }),
  );
  const monitor = monitorDatabase(opened, log);
  const { database } = monitor;
  const writes = monitorWrites(database, log);
  // A database that cannot be written is reported and served as far as it goes: a failover ends by itself. A right that is
  // missing does not come by itself.
  const rights = checkRights(opened);
  rights.catch(() => undefined);
  const written = writes.check();
  // With PORT=0 the port is known only when the server listens.
  const publicUrl = () => settings.publicUrl ?? String(listening?.url);
  const container = await inStage("services", () =>
    createContainer({
      ...{ settings, environment: process.env },
      ...parts,
      logMeter,
      ...{ database, publicUrl, clientAddress, unnamedProxy: proxyNotice.last },
      isCircuitOpen: monitor.isCircuitOpen,
      writeProblem: writes.problem,
      stopping: stopping.signal,
      isStarting: () => state.starting,
    }),
  );
  const { minPasswordLength, whitelist } = settings;
  const { http: deps, identity, procedures, streams, payments, consoleBuild } = container;
  app = createServer({ deps, procedures, streams, payments, identity, minPasswordLength, consoleBuild });
  monitor.start();
  await inStage("database", () => rights);
  const server = await startListening();

  stopOnSignal({ stopping, log }, async () => {
    await Promise.all([server.stop(), container.jobs.stop()]);
    await container.close();
    monitor.stop();
    writes.stop();
    await database.close();
  });
  writes.start();
  container.jobs.start();
  await written;
  if (whitelist.length > 0)
    log.info({ url: server.url, users: whitelist.length }, "listening; applying USER_WHITELIST");
  const applied = await inStage("users", () =>
    provisionWhitelist({ identity, settings, log, signal: stopping.signal }),
  );
  if (applied === undefined) return;
  const setupLink = await inStage("users", () => createSetupLink(identity, log));
  state.starting = false;
  // The only secret that is ever logged: until there is an admin, the person who opens this link within an hour becomes one.
  const setup = { whitelist: applied, setupLink, consoleUrl: consoleBuild && `${publicUrl()}/console/` };
  const data = dataPlace(settings.databaseUrl);
  log.info({ url: server.url, database: database.kind, data, ...setup }, "ready");
  await announcePayments(payments);
}, "settings");
