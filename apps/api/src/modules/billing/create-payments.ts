import type { Gateway } from "@jifen/billing";
import type { Database } from "@jifen/database";
import { type GatewayConfigs, openGateways } from "@jifen/gateways";
import { createOriginMatcher } from "../../http/origins.ts";
import type { HttpSettings } from "../../http/settings.ts";
import { InvalidSettings } from "../../settings/settings.ts";
import { createUuids } from "../../values/ids.ts";
import type { DemoSettings } from "./demo/settings.ts";
import { ChannelCalls } from "./gateways/channel-calls.ts";
import { ChannelMonitor } from "./gateways/channel-monitor.ts";
import { createPaymentMeter } from "./gateways/payment-meter.ts";
import { timedGateway } from "./gateways/timed-gateway.ts";
import type { PaymentDeps } from "./payment-deps.ts";
import type { PaymentSettings } from "./payments/settings.ts";

/** What orders and payments are built from. */
type Base = Pick<PaymentDeps, "ledger" | "orderLimits" | "newId" | "nowMs" | "publicUrl" | "log"> & {
  readonly settings: PaymentSettings &
    DemoSettings &
    GatewayConfigs &
    Pick<HttpSettings, "frontendOrigins"> &
    Pick<PaymentDeps, "isSelfGrantAllowed">;
  readonly database: Database;
  readonly suspendForDispute: NonNullable<PaymentDeps["suspendForDispute"]>;
};

/** Orders and payments of this process. */
type Payments = { readonly deps: PaymentDeps; close(): Promise<void> };

/** Opens the payment channels that are set up. */
export async function createPayments({ settings, database, suspendForDispute, ...shared }: Base): Promise<Payments> {
  const { nowMs, log } = shared;
  const meter = createPaymentMeter();
  const monitor = new ChannelMonitor({ store: database.channels, nowMs, log });
  const demo = settings.isDemoOn ? database.demoTrades : undefined;
  const gateways = await openGateways({ ...settings, demo }, { now: nowMs });
  assertOneKindOfMoney(gateways, settings);
  for (const channel of gateways.keys()) meter.begin(channel);
  const newUuid = createUuids(nowMs);
  const deps: PaymentDeps = {
    ...shared,
    ...{ database, meter, monitor, orderMs: settings.orderMs, isSelfGrantAllowed: settings.isSelfGrantAllowed },
    returnsSurplus: settings.returnsSurplus,
    suspendForDispute: settings.suspendsDisputed ? suspendForDispute : undefined,
    channels: new Map(
      [...gateways].map(([channel, gateway]) => [
        channel,
        new ChannelCalls(timedGateway(gateway, meter), { monitor, nowMs }),
      ]),
    ),
    newOrderId: () => newUuid().replaceAll("-", ""),
    topUpReturnUrl: settings.topUpReturnUrl ?? topUpPageOf(settings.frontendOrigins),
    isSiteOrigin: siteOriginMatcher(settings.frontendOrigins, shared.publicUrl),
  };
  return { deps, close: () => monitor.close() };
}

/**
 * Test money must not buy credits that are sold for real money: neither beside channels of real money, nor in production
 * without PAY_TEST. @throws InvalidSettings
 */
function assertOneKindOfMoney(gateways: ReadonlyMap<string, Gateway>, { isTestMoneyRefused }: DemoSettings): void {
  const namesOf = (isLive: boolean) =>
    [...gateways.values()].flatMap(({ live, channel }) => (live === isLive ? [channel] : [])).join(", ");
  const [real, test] = [namesOf(true), namesOf(false)];
  if (test === "") return;
  if (real !== "") {
    const en = `the channels ${test} take test money and ${real} real money: everyone could buy without paying; turn one kind off`;
    throw new InvalidSettings(`${en} ${test} 为测试资金，${real} 为真实资金，不能同时启用`);
  }
  if (isTestMoneyRefused) {
    const en = `the channels ${test} take test money, and NODE_ENV is production: everyone could buy without paying; use live keys, or PAY_TEST=on for a staging server`;
    throw new InvalidSettings(`${en} ${test} 为测试资金，生产环境请使用正式密钥，预发布环境请设置 PAY_TEST=on`);
  }
}

/** Matches the sites of FRONTEND_URL, and the account pages of this server. */
function siteOriginMatcher(frontendOrigins: readonly string[], publicUrl: () => string): (origin: string) => boolean {
  const isFrontend = createOriginMatcher(frontendOrigins);
  return (origin) => isFrontend(origin) || origin === new URL(publicUrl()).origin;
}

/** The page of the first site whose address is known. */
const topUpPageOf = (origins: readonly string[]): string | undefined => {
  const origin = origins.find((each) => !each.includes("*"));
  return origin === undefined ? undefined : `${origin}/top-up`;
};
