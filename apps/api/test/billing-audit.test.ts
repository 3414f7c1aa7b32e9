import { accountOf, userId } from "@jifen/core";
import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimDifferenceKinds } from "../src/modules/billing/audit/claim-differences.ts";
import { paymentDifferenceKinds } from "../src/modules/billing/audit/payment-differences.ts";
import { reversalDifferenceKinds } from "../src/modules/billing/audit/reversal-differences.ts";
import { keysOfReversal } from "../src/modules/billing/reversals/reversal-keys.ts";
import { damageRow, damages, type Subject } from "./billing-damages.ts";
import { changeDatabase } from "./change-database.ts";
import { jifen } from "./jifen-command.ts";
import { makeBatch } from "./redemption.ts";
import { type Paid, type RefundServer, startRefundServer } from "./refund-server.ts";
import { refuseRefund } from "./reversal-steps.ts";
import { user } from "./start-server.ts";
import { SCHEDULE_MS, within } from "./top-up-server.ts";

const owner = userId(user.email);

/** The ids of a subject by the names that damages have for them. */
type Ids = Readonly<Record<string, string | null | undefined>>;

/** As many orders as a user can have that are not finished. */
const ORDERS_AT_ONCE = 5;

/** Sells packs, several at a time. */
async function sell(at: RefundServer, count: number): Promise<readonly Paid[]> {
  const orderIds: string[] = [];
  for (let left = Math.min(count, ORDERS_AT_ONCE); left > 0; left -= 1) {
    const { orderId } = await at.order("p100", { channel: "stripe" });
    orderIds.push(orderId);
  }
  for (const orderId of orderIds) at.fake.act(orderId, "pay");
  const sold: Paid[] = [];
  for (const orderId of orderIds) {
    await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
    sold.push({ orderId, paymentId: (await at.file(orderId)).payments[0].paymentId });
  }
  return count > sold.length ? [...sold, ...(await sell(at, count - sold.length))] : sold;
}

/** Makes one of each subject, and reads their ids. */
async function makeAll(at: RefundServer, subjects: readonly Subject[]): Promise<readonly Ids[]> {
  const sold = await sell(at, subjects.filter((subject) => !subject.startsWith("claimed")).length);
  const rest = [...sold];
  const made = subjects.map((subject) => ({ subject, paid: subject.startsWith("claimed") ? undefined : rest.pop() }));
  for (const { subject, paid } of made) {
    if (paid && subject === "refunded") await returnPart(at, paid);
    if (paid && subject === "kept") await returnPart(at, paid, { goodwill: true, keepCredits: true });
  }
  for (const { subject, paid } of made) {
    if (paid && (subject === "refunded" || subject === "kept")) await at.untilReversal(paid.orderId, { state: "done" });
    if (paid && subject === "failed") await failRefund(at, paid);
  }
  const ids: Ids[] = [];
  for (const { subject, paid } of made) {
    const by = subject === "claimed" ? (["user"] as const) : (["user", "other"] as const);
    ids.push({ of: subject, ...(await (paid ? idsOf(at, paid) : claim(at, by))) });
  }
  return ids;
}

async function returnPart(at: RefundServer, { paymentId }: Paid, flags: object = {}): Promise<void> {
  expect(await at.refund(paymentId, { amountMinor: 396, ...flags })).toMatchObject({ status: 200 });
}

async function failRefund(at: RefundServer, { paymentId }: Paid): Promise<void> {
  at.fake.turn({ answers: "500" });
  const { body } = await at.refund(paymentId, { amountMinor: 396 });
  at.fake.turn({ answers: "normal" });
  expect(body).toMatchObject({ state: "taken" });
  await at.withReversals((database) => refuseRefund(database, body.reversalId));
}

const idsOf = (at: RefundServer, { paymentId }: Paid): Promise<Ids> =>
  at.withReversals(async ({ payments, reversals, history }) => {
    const payment = await payments.findById(paymentId);
    const [reversal] = await reversals.ofPayments(owner, [paymentId]);
    const entries = reversal ? await history.entriesByKeyPrefix(accountOf(owner), keysOfReversal(reversal.id)) : [];
    const taken = (amount: number | undefined) =>
      entries.find((entry) => entry.kind === "revoke" && entry.amount === amount)?.id;
    return {
      ...{ payment: paymentId, purchase: payment?.transactionId, bonus: payment?.bonusTransactionId },
      ...{ reversal: reversal?.id, taking: taken(reversal?.takenCredits), bonusTaking: taken(reversal?.takenBonus) },
    };
  });

async function claim(at: RefundServer, by: readonly ("user" | "other")[]): Promise<Ids> {
  const { batchId, code } = await makeBatch(at.api, { maxUsesPerCode: 2 });
  for (const as of by) expect(await at.api.post("/codes/redeem", { code }, { as })).toMatchObject({ status: 200 });
  const claims = await at.withReversals(({ codes }) => codes.claimsOfUser(owner));
  const found = claims.find((each) => each.batchId === batchId);
  return { batch: batchId, code: found?.codeHash, claim: found?.transactionId };
}

const idIn = (ids: Ids | undefined, name: string): string => {
  const id = ids?.[name];
  if (!id) throw new Error(`the subject has no ${name}`);
  return id;
};

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`the audit of what was sold and given on ${kind}`, { timeout: timeLimit(180) }, () => {
    let at: RefundServer;
    beforeAll(async () => {
      at = await startRefundServer(kind, { RATE_LIMIT_CODES: "off" });
    });
    afterAll(() => at.stop());

    // An audit reads the whole database, so that one finds all damages.
    test("jifen audit finds each kind of damage and names its row", async () => {
      const { database } = at.api.server;
      const audit = async () => {
        const { exitCode, stdout } = await jifen(database.url, "audit", "--json");
        const differences: readonly { kind: string; referenceId: string }[] = JSON.parse(stdout).differences;
        return { exitCode, found: differences.map((each) => `${each.kind} ${each.referenceId}`).toSorted() };
      };
      const subjects = await makeAll(
        at,
        damages.map(({ of }) => of),
      );
      expect(await audit()).toEqual({ exitCode: 0, found: [] });

      const named = damages.flatMap(({ finds }, n) =>
        finds.map((each) => each.replace(/ (\w+)$/, (_, name: string) => ` ${idIn(subjects[n], name)}`)),
      );
      for (const [n, damage] of damages.entries()) await damageRow(database, damage, idIn(subjects[n], damage.in));
      expect(await audit()).toEqual({ exitCode: 1, found: named.toSorted() });

      // A user without any reversal has payments that show money as returned.
      await changeDatabase(database, {
        sql: "DELETE FROM reversals",
        mongodb: (db) => db.collection("reversals").deleteMany({}),
      });
      const { stdout } = await jifen(database.url, "audit");
      for (const invariant of ["B1:", "B13:", "B21:"]) expect(stdout).toContain(invariant);
      const stillThere = subjects.filter((_, n) => damages[n]?.table !== "payments" || damages[n]?.set);
      const returned = stillThere.filter(({ reversal, of }) => reversal && of !== "failed");
      for (const { payment } of returned)
        expect(stdout).toContain(`REVERSED_MONEY_DIFFERS ${accountOf(owner)} ${payment}`);
      expect(stdout.match(/REVERSED_MONEY_DIFFERS/g)).toHaveLength(returned.length);
    });
  });
}

test("every kind of difference that the audit of billing reports has a damage that causes it", () => {
  const caused = new Set(damages.flatMap(({ finds }) => finds.map((each) => each.split(" ")[0])));
  const kinds = { ...paymentDifferenceKinds, ...reversalDifferenceKinds, ...claimDifferenceKinds };
  expect([...caused].toSorted()).toEqual(Object.keys(kinds).toSorted());
});
