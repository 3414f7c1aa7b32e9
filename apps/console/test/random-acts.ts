import type { Page } from "@jifen/testkit/browser";
import { type Console, emailOf } from "./console-browser.ts";

/** An entry of the account, as the client computes it. `shown` is its change on a page. */
type Entry = { readonly shown: string; readonly balance: number; readonly held: number };

/** What the account of the user must be after the acts so far, computed by the client alone. */
export type Model = {
  balance: number;
  held: number;
  /** What was charged, and what was granted, by these acts. */
  spent: number;
  granted: number;
  /** Newest first. */
  readonly entries: Entry[];
  readonly charges: { readonly transactionId: string; left: number }[];
  readonly holds: { readonly holdId: string; readonly amount: number }[];
};

/** The pages on which people act: each stays where it is. */
export type Pages = { readonly finance: Page; readonly user: Page };

type Act = (world: World) => Promise<void>;
type World = {
  readonly console: Console;
  readonly pages: Pages;
  readonly model: Model;
  /** A whole number from 1 to `max`. */
  readonly pick: (max: number) => number;
};

const user = emailOf("lin");
const signed = (change: number) => (change > 0 ? `+${change}` : String(change));

/** Adds an entry that changes the balance and the held credits. */
function add(model: Model, change: number, { held = 0, shown = signed(change) } = {}): void {
  model.balance += change;
  model.held += held;
  model.entries.unshift({ shown, balance: model.balance, held: model.held });
}

/** Fills the dialog that a button of the page opens, and waits until its act is done. */
async function fillDialog(page: Page, amount: number | undefined, submit: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  if (amount !== undefined) await dialog.locator("input[name=amount]").fill(String(amount));
  await dialog.getByLabel("Reason").fill("random");
  await dialog.getByRole("button", { name: submit, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

const give: Act = async ({ console, pages: { finance }, model, pick }) => {
  const amount = pick(30);
  await finance.goto(`${console.api.url}/console/users/${user}`);
  await finance.getByRole("button", { name: "Give credits" }).click();
  await fillDialog(finance, amount, `Give ${amount} credits`);
  model.granted += amount;
  add(model, amount);
};

const take: Act = async ({ console, pages: { finance }, model, pick }) => {
  if (model.balance === 0) return;
  const amount = pick(Math.min(model.balance, 20));
  await finance.goto(`${console.api.url}/console/users/${user}`);
  await finance.getByText("More", { exact: true }).and(finance.locator("main summary")).click();
  await finance.getByRole("button", { name: "Take credits" }).click();
  await fillDialog(finance, amount, `Take ${amount} credits`);
  add(model, -amount);
};

const charge: Act = async ({ console, model, pick }) => {
  if (model.balance === 0) return;
  const amount = pick(Math.min(model.balance, 25));
  const { transactionId } = await console.rest("lin", ["POST", "/credits/consume", { amount, action: "video" }]);
  model.charges.push({ transactionId: String(transactionId), left: amount });
  model.spent += amount;
  add(model, -amount);
};

const refund: Act = async ({ console, pages: { finance }, model, pick }) => {
  const charged = model.charges.find(({ left }) => left > 0);
  if (!charged) return;
  const amount = pick(charged.left);
  await finance.goto(`${console.api.url}/console/transactions/${charged.transactionId}`);
  await finance.getByRole("button", { name: "Refund", exact: true }).click();
  await fillDialog(finance, amount, `Refund ${amount} credits`);
  charged.left -= amount;
  add(model, amount);
};

const hold: Act = async ({ console, model, pick }) => {
  if (model.balance === 0) return;
  const amount = pick(Math.min(model.balance, 25));
  const { holdId } = await console.rest("lin", ["POST", "/credits/holds", { amount, action: "image" }]);
  model.holds.push({ holdId: String(holdId), amount });
  add(model, -amount, { held: amount });
};

const capture: Act = async ({ console, model, pick }) => {
  const held = model.holds.shift();
  if (!held) return;
  const amount = pick(held.amount);
  await console.rest("lin", ["POST", `/credits/holds/${held.holdId}/capture`, { amount }]);
  model.spent += amount;
  const back = held.amount - amount;
  if (back > 0) add(model, back, { held: -back });
  add(model, 0, { held: -amount, shown: `${amount} of the hold` });
};

const release: Act = async ({ console, pages: { finance }, model }) => {
  const held = model.holds.shift();
  if (!held) return;
  await finance.goto(`${console.api.url}/console/holds`);
  // The oldest one is the first one.
  await finance.getByRole("button", { name: "Release" }).first().click();
  await fillDialog(finance, undefined, "Release");
  add(model, held.amount, { held: -held.amount });
};

const redeem: Act = async ({ console, pages, model, pick }) => {
  const credits = pick(40);
  const batch = { name: "Random", credits, codes: 1, validDays: 30, reason: "random" };
  const { codes } = await console.rest("admin", ["POST", "/admin/codes/batches", batch]);
  await pages.user.goto(`${console.api.url}/account/redeem`);
  await pages.user.getByLabel("Code").fill((codes as readonly string[])[0] ?? "");
  await pages.user.getByRole("button", { name: "Redeem", exact: true }).click();
  await pages.user.getByText(`You received ${credits} credits`).waitFor();
  model.granted += credits;
  add(model, credits);
};

/** Each kind of act. One that is not possible now does nothing. */
const acts: readonly Act[] = [give, charge, hold, refund, take, capture, redeem, release];

/** Runs one round: each act once, in an order and with amounts by chance. `pause` runs after every second one. */
export async function actAtRandom(world: World, pause: () => Promise<void>): Promise<void> {
  const shuffled = acts.map((act) => ({ act, at: world.pick(1_000_000) })).toSorted((one, other) => one.at - other.at);
  for (const [index, { act }] of shuffled.entries()) {
    await act(world);
    if (index % 3 === 2 || index === acts.length - 1) await pause();
  }
}
