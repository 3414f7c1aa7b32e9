import { type ConsoleSettings, consoleSettings } from "../console/settings.ts";
import { type HttpSettings, httpSettings } from "../http/settings.ts";
import { type AlipaySettings, alipaySettings } from "../modules/billing/channels/alipay-settings.ts";
import { type EpaySettings, epaySettings } from "../modules/billing/channels/epay-settings.ts";
import { type StripeSettings, stripeSettings } from "../modules/billing/channels/stripe-settings.ts";
import { type WechatpaySettings, wechatpaySettings } from "../modules/billing/channels/wechatpay-settings.ts";
import { type DemoSettings, demoSettings } from "../modules/billing/demo/settings.ts";
import { type PaymentSettings, paymentSettings } from "../modules/billing/payments/settings.ts";
import { type BillingSettings, billingSettings } from "../modules/billing/settings.ts";
import { type CreditsSettings, creditsSettings } from "../modules/credits/settings.ts";
import { type SessionSettings, sessionSettings } from "../modules/identity/session/settings.ts";
import { type IdentitySettings, identitySettings } from "../modules/identity/settings.ts";
import { type LogsSettings, logsSettings } from "../modules/logs/settings.ts";
import { type WebhooksSettings, webhooksSettings } from "../modules/webhooks/settings.ts";
import type { Environment, SettingTable } from "./define-settings.ts";
import { type ProcessSettings, processSettings } from "./process.ts";

/** Every setting, parsed. */
export type Settings = ProcessSettings &
  HttpSettings &
  ConsoleSettings &
  IdentitySettings &
  SessionSettings &
  CreditsSettings &
  PaymentSettings &
  LogsSettings &
  StripeSettings &
  AlipaySettings &
  WechatpaySettings &
  EpaySettings &
  DemoSettings &
  BillingSettings &
  WebhooksSettings;

/** Some settings are invalid. The message lists each problem with its correction, and prints no values. */
export class InvalidSettings extends Error {
  override name = "InvalidSettings";
}

/** Where settings come from: the environment, and the files that `*_FILE` variables name. */
export type SettingsSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly workingDirectory: string;
};

const modules = [
  processSettings,
  httpSettings,
  consoleSettings,
  identitySettings,
  sessionSettings,
  creditsSettings,
  paymentSettings,
  logsSettings,
  stripeSettings,
  alipaySettings,
  wechatpaySettings,
  epaySettings,
  demoSettings,
  billingSettings,
  webhooksSettings,
] as const;

/** Every environment variable of the server, by name: the reference documentation is generated from it. */
export const settingTable: SettingTable = Object.assign({}, ...modules.map(({ variables }) => variables));

/** An empty variable counts as unset: compose files pass undefined variables like that. */
function readEnvironment({ env, readFile }: SettingsSource, problems: string[]): Environment {
  const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  for (const [name, { isSecret }] of Object.entries(settingTable)) {
    const file = isSecret && given[`${name}_FILE`];
    if (!file) continue;
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set: leave one out`);
    try {
      given[name] = readFile(file).trimEnd();
    } catch {
      problems.push(`${name}_FILE names a file that cannot be read`);
    }
  }
  return given;
}

/**
 * Reads every setting; pure except for the files that `*_FILE` variables name.
 * @throws InvalidSettings listing all problems
 */
export function parseSettings(source: SettingsSource): Settings {
  const problems: string[] = [];
  const environment = readEnvironment(source, problems);
  const context = {
    isProduction: environment["NODE_ENV"] === "production",
    workingDirectory: source.workingDirectory,
  };
  for (const each of modules) problems.push(...each.problemsOf(environment, context));
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new InvalidSettings(`Jifen cannot start with these settings 配置有误:\n${list}`);
  }
  return {
    ...processSettings.read(environment, context),
    ...httpSettings.read(environment, context),
    ...consoleSettings.read(environment, context),
    ...identitySettings.read(environment, context),
    ...sessionSettings.read(environment, context),
    ...creditsSettings.read(environment, context),
    ...paymentSettings.read(environment, context),
    ...billingSettings.read(environment, context),
    ...logsSettings.read(environment, context),
    ...stripeSettings.read(environment, context),
    ...alipaySettings.read(environment, context),
    ...wechatpaySettings.read(environment, context),
    ...epaySettings.read(environment, context),
    ...demoSettings.read(environment, context),
    ...webhooksSettings.read(environment, context),
  };
}
