import { randomUUID } from "node:crypto";
import { type Api, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, vi } from "vitest";
import { sampleIds } from "../src/http/docs/samples/inputs.ts";
import { createVisitor } from "./browser-visitor.ts";
import { type Mailbox, textOf } from "./mailbox.ts";
import { payAnother } from "./pay-another.ts";
import { draft, exampleCatalogue, putInForce } from "./priced-api.ts";
import { makeBatch } from "./redemption.ts";
import { admin, newKey } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { openPage, SCHEDULE_MS, type TopUpServer, within } from "./top-up-server.ts";
import type { Receiver } from "./webhook-receiver.ts";

/** What a sample needs to run: real ids in place of those that the page shows, and a credential. */
export type Prepared = {
  readonly replace?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly session?: string;
};

/** What the objects are created with. */
type World = { readonly at: TopUpServer; readonly mailbox: Mailbox; readonly receiver: Receiver };

/** Users whose password and state the samples change, so that those of the others remain. */
export const spareUsers = Array.from({ length: 12 }, (_, n) => ({
  email: `spare-${n}@example.com`,
  password: user.password,
}));

/** Creates what the sample of each operation needs; an operation without a row needs only the common objects. */
export async function createDocsObjects({ at, mailbox, receiver }: World) {
  const { api, fake } = at;
  const { server, tokens } = api;
  const done = async (path: string, body: object, as: "user" | "admin" = "user") => {
    const answer = await api.post(path, body, { as, key: newKey() });
    expect({ path, ...answer }).toMatchObject({ status: 200 });
    return answer.body;
  };
  await putInForce(api, { ...exampleCatalogue, multipliers: [{ group: "vip", ppm: 900_000 }] });
  await done(`/admin/users/${user.email}/grants`, { amount: 5_000, reason: "a test" }, "admin");

  const charge = async () =>
    (await done("/credits/consume", { amount: 5, action: "jimeng_video_generation" })).transactionId as string;
  const hold = async () => ({
    [sampleIds.hold]: (await done("/credits/holds", { amount: 20, action: "jimeng_video_generation" }))
      .holdId as string,
  });
  const paid = async (act: "pay" | "pay-less" = "pay") => {
    const { orderId } = await at.order();
    fake.act(orderId, act);
    const payments = async () => (await api.get(`/admin/orders/${orderId}`, "admin")).body.payments;
    const state = act === "pay" ? "credited" : "review";
    await within(SCHEDULE_MS, async () => expect(await payments()).toMatchObject([{ state }]));
    return { [sampleIds.payment]: (await payments())[0].paymentId as string, [sampleIds.order]: orderId as string };
  };
  const stuck = async () => {
    const { [sampleIds.payment]: paymentId } = await paid();
    const refund = { byHand: true, amountMinor: 495, reason: "a test" };
    const { reversalId } = await done(`/admin/payments/${paymentId}/refunds`, refund, "admin");
    return { replace: { [sampleIds.order]: reversalId as string } };
  };
  let spare = 0;
  const spareUser = () => {
    const next = spareUsers[spare++];
    if (next === undefined) throw new Error("the samples need more spare users");
    return next;
  };
  const onSpareUser = () => ({ replace: { [user.email]: spareUser().email } });
  const asSpareUser = async () => ({ token: String(await server.token(spareUser())) });
  const inSession = async (): Promise<Prepared> => {
    const visitor = createVisitor(server.api.url);
    await visitor.submit("/login", spareUser());
    return { session: visitor.cookie().replace("jifen_session=", "") };
  };
  const newcomer = async () => {
    const email = `${randomUUID()}@example.com`;
    await done("/admin/users", { email, name: "n" }, "admin");
    return { replace: { "newcomer@example.com": email } };
  };
  const passwordLink = async () => {
    const email = (await newcomer()).replace["newcomer@example.com"];
    const { link } = await done(`/admin/users/${email}/password-link`, { reason: "a test" }, "admin");
    return { replace: { [sampleToken]: String(link).split("#password.")[1] ?? "" } };
  };
  const registration = async () => {
    const email = `${randomUUID()}@example.com`;
    await done("/auth/register", { email });
    const mail = await vi.waitUntil(() => mailbox.received.find(({ to }) => to.includes(email)), {
      timeout: timeLimit(20),
    });
    return { replace: { [sampleToken]: /#registration\.(\S+)/.exec(textOf(mail))?.[1] ?? "" } };
  };
  const newDraft = async () => ({ replace: { "catalogues/2/": `catalogues/${await draft(api, exampleCatalogue)}/` } });
  const key = async () => {
    const { keyId } = await done("/keys", { name: "a key", scopes: ["credits:read"] });
    return { replace: { [sampleIds.key]: keyId as string } };
  };
  const endpoint = async (): Promise<Prepared> => {
    const { endpoint: made } = await done("/webhooks/endpoints", { url: receiver.url, allUsers: true }, "admin");
    ended.push(made.endpointId);
    return { token: tokens.admin, replace: { [sampleIds.endpoint]: made.endpointId } };
  };
  /** An owner has ten endpoints at most. */
  const ended: string[] = [];
  const endEndpoints = async () => {
    for (const id of ended.splice(0)) await api.post(`/webhooks/endpoints/${id}/end`, {}, { as: "admin" });
  };
  const delivery = async (): Promise<Prepared> => {
    const { replace = {} } = await endpoint();
    const endpointId = replace[sampleIds.endpoint];
    await done("/codes/redeem", { code: (await makeBatch(api)).code });
    const sent = async () => (await api.get(`/webhooks/deliveries?endpointId=${endpointId}`, "admin")).body.items;
    await within(SCHEDULE_MS, async () => expect(await sent()).toMatchObject([{ state: "delivered" }]));
    return { token: tokens.admin, replace: { ...replace, [sampleIds.delivery]: (await sent())[0].deliveryId } };
  };
  const stray = async () => {
    const { pay } = await at.order();
    const number = randomUUID().replaceAll("-", "");
    await openPage({ pay: { ...pay, text: payAnother(pay.text, number, `${fake.settings["EPAY_KEY"]}`) } });
    fake.act(number, "pay");
    const strays = async () => (await api.get("/admin/reviews?kind=stray", "admin")).body.items;
    await within(SCHEDULE_MS, async () => expect(await strays()).toHaveLength(1));
    const { channel, merchant, providerId } = (await strays())[0].what;
    const place = [channel, merchant, providerId].map(encodeURIComponent).join("/");
    return { replace: { "epay/1001/2025061522001": place } };
  };
  const code = async () => ({ replace: { "7KQ2M-9XPTA-3WFHC-R8ZDN": (await makeBatch(api)).code } });

  const prepare: Readonly<Record<string, () => Promise<Prepared> | Prepared>> = {
    "accounts.holds": async () => ({ replace: await hold() }),
    "admin.releaseHold": async () => ({ replace: await hold() }),
    "adminCatalogues.publish": newDraft,
    "adminCatalogues.withdraw": newDraft,
    "adminPayments.accept": async () => ({ replace: await paid("pay-less") }),
    "adminPayments.dismiss": async () => ({ replace: await paid("pay-less") }),
    "adminReversals.refund": async () => ({ replace: await paid() }),
    "adminReversals.retry": stuck,
    "adminReversals.settle": stuck,
    "adminReviews.list": async () => ({ replace: await paid("pay-less") }),
    "adminStrays.resolve": stray,
    "auth.changePassword": asSpareUser,
    "auth.confirmRegistration": registration,
    "auth.logout": asSpareUser,
    "auth.logoutEverywhere": asSpareUser,
    "auth.resetPassword": passwordLink,
    "auth.verify": () => ({ replace: { "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl": tokens.user } }),
    "codeBatches.end": async () => ({ replace: { [sampleIds.batch]: (await makeBatch(api)).batchId } }),
    "codes.redeem": code,
    "holds.capture": async () => ({ replace: await hold() }),
    "holds.extend": async () => ({ replace: await hold() }),
    "holds.find": async () => ({ replace: await hold() }),
    "holds.list": async () => ({ replace: await hold() }),
    "holds.release": async () => ({ replace: await hold() }),
    "keys.change": key,
    "keys.revoke": key,
    "keys.rotate": key,
    "orders.cancel": async () => ({ replace: { [sampleIds.order]: (await at.order()).orderId } }),
    "refunds.create": async () => ({ replace: { [sampleIds.transaction]: await charge() } }),
    "session.changePassword": inSession,
    "session.confirm": inSession,
    "users.endSessions": onSpareUser,
    "users.passwordLink": newcomer,
    "users.remove": newcomer,
    "users.resume": onSpareUser,
    "users.setPriceGroup": onSpareUser,
    "users.setRole": onSpareUser,
    "users.suspend": onSpareUser,
    "webhooks.create": () => ({
      token: tokens.admin,
      replace: { "https://site.example.com/jifen-events": receiver.url },
    }),
    "webhooks.deliveries": delivery,
    "webhooks.end": endpoint,
    "webhooks.list": endpoint,
    "webhooks.replay": delivery,
    "webhooks.replaySince": delivery,
    "webhooks.rotate": endpoint,
    "webhooks.test": endpoint,
  };

  const transactionId = await charge();
  const log = { userId: user.email, action: "jimeng_video_generation", details: { seconds: 5 }, timestamp: new Date() };
  const { logId } = await done("/logs/create", { ...log, success: true, durationMs: 8_200, transactionId });
  await done("/logs/create", { ...log, success: false, durationMs: 900 });
  const common = { [sampleIds.transaction]: transactionId, [sampleIds.log]: logId as string, ...(await paid()) };
  await done("/credits/refunds", { transactionId, amount: 1 }, "admin");
  return {
    common,
    prepareFor: async (name: string): Promise<Prepared> => {
      if (name.startsWith("webhooks.")) await endEndpoints();
      return (await prepare[name]?.()) ?? {};
    },
  };
}

const sampleToken = "dXNlckBleGFtcGxlLmNvbQ.V2l0aG91dCBhIHNlY3JldCBubyBsaW5r";

/** A server without an admin, for the one operation that makes the first. */
export async function startWithoutAdmin(): Promise<{
  readonly api: Api;
  readonly replace: Readonly<Record<string, string>>;
}> {
  const api = await startApi({ env: { ADMIN_EMAILS: "" } });
  const link = String(api.logs().find((line) => "setupLink" in line)?.["setupLink"]);
  return { api, replace: { [sampleToken]: link.split("#first-admin.")[1] ?? "", [admin.email]: "first@example.com" } };
}
