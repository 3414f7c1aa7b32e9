import type { Gateway } from "@jifen/billing";
import { type Database, openDatabase, reviewKinds } from "@jifen/database";
import { openGateways } from "@jifen/gateways";
import type { Settings } from "../../../settings/settings.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { formerMerchants } from "../../billing/gateways/former-merchants.ts";
import { reviewBounds } from "../../billing/reviews/bounds.ts";
import { type Finding, failure, okFinding, warning } from "../finding.ts";
import { checkPublicAddress } from "./check-public-address.ts";

/** Beyond this, more makes no difference. */
const MOST = 1_000;

/** Checks each payment channel with a signed request that moves no money, what was heard of it, and what waits. */
export async function checkChannels(settings: Settings): Promise<readonly Finding[]> {
  const gateways = await openGateways(settings, { now: Date.now });
  const [examined, address] = await Promise.all([
    Promise.all([...gateways.values()].map(examine)),
    gateways.size > 0 ? [await checkPublicAddress(settings.publicUrl)] : [],
  ]);
  return [...address, ...examined.flat(), ...(await checkRows(settings, gateways))];
}

async function examine(gateway: Gateway): Promise<readonly Finding[]> {
  const found = await gateway.examine(Date.now());
  const remedy = {
    en: `check the settings of ${gateway.channel} and the account at the provider`,
    zh: `请检查 ${gateway.channel} 的配置和支付平台上的账号`,
  };
  return found.map(({ check, isGood, details }) => {
    const about = `${gateway.channel} ${check}`;
    return isGood ? okFinding(about, details) : failure(about, details, remedy);
  });
}

/** What the database says. That it cannot be read is a finding of its own. */
async function checkRows(settings: Settings, opened: ReadonlyMap<string, Gateway>): Promise<readonly Finding[]> {
  let database: Database | undefined;
  try {
    database = await openDatabase(settings.databaseUrl, { migrate: false });
    const gateways = settings.isDemoOn ? await openGateways({ ...settings, demo: database.demoTrades }) : opened;
    return [
      ...(await noticeFindings(database, gateways)),
      ...(await waitingFindings(database, gateways.size > 0)),
      ...(await merchantFindings(database, gateways)),
    ];
  } catch {
    return [];
  } finally {
    await database?.close();
  }
}

async function noticeFindings(
  { channels }: Database,
  gateways: ReadonlyMap<string, Gateway>,
): Promise<readonly Finding[]> {
  const heard = await channels.list();
  return heard
    .filter(({ channel }) => gateways.has(channel))
    .map(({ channel, lastNoticeMs, lastBadMs, lastBadReason }) => {
      const about = `${channel} notices`;
      const good = lastNoticeMs === null ? "-" : isoTime(lastNoticeMs);
      const last = { en: `last good one ${good}`, zh: `最近的有效通知 ${good}` };
      if (lastBadMs === null || lastBadMs < (lastNoticeMs ?? 0)) return okFinding(about, last);
      const bad = `${isoTime(lastBadMs)} ${lastBadReason}`;
      const message = { en: `${last.en}, last bad one ${bad}`, zh: `${last.zh}，最近被拒绝的 ${bad}` };
      const remedy = {
        en: "compare the keys here with those at the provider",
        zh: "请核对本地与支付平台上的密钥",
      };
      return warning(about, message, remedy);
    });
}

async function waitingFindings({ payments, reviews }: Database, hasChannels: boolean): Promise<readonly Finding[]> {
  const due = await payments.countDue(MOST);
  const bounds = reviewBounds(Date.now());
  const counts = await Promise.all(
    reviewKinds.map(async (kind) => ({ kind, count: await reviews.count(bounds, kind, MOST) })),
  );
  const open = counts.filter(({ count }) => count > 0);
  if (!hasChannels && due === 0 && open.length === 0) return [];
  const message = { en: `${due} are paid and not credited`, zh: `${due} 笔已付款未入账` };
  const list = open.map(({ kind, count }) => `${kind} ${count}`).join(", ");
  return [
    due === 0 ? okFinding("orders", message) : warning("orders", message, "jifen payments reviews"),
    open.length === 0
      ? okFinding("reviews", { en: "nothing needs a decision", zh: "没有待处理的事项" })
      : warning("reviews", { en: `need a decision: ${list}`, zh: `待处理：${list}` }, "jifen payments reviews"),
  ];
}

async function merchantFindings(
  database: Database,
  gateways: ReadonlyMap<string, Gateway>,
): Promise<readonly Finding[]> {
  const merchants = new Map([...gateways].map(([channel, { merchant }]) => [channel, merchant]));
  return (await formerMerchants(database, merchants)).map(({ channel, merchant, orderIds }) =>
    warning(
      `${channel} merchant`,
      {
        en: `${orderIds.length} orders of ${merchant} are not final, and it is not set up: ${orderIds[0]}`,
        zh: `商户 ${merchant} 有 ${orderIds.length} 个未完成的订单，但未配置：${orderIds[0]}`,
      },
      { en: "set it up until they are final", zh: "请保留该商户的配置，直到这些订单结束" },
    ),
  );
}
