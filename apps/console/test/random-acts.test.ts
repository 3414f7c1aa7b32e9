import { type FreshDatabase, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomFrom } from "../../../torture/src/faults/random.ts";
import { type Console, describeConsole, emailOf, type Served } from "./console-browser.ts";
import { actAtRandom, type Model, type Pages } from "./random-acts.ts";
import { entriesShown, factOf } from "./shown-numbers.ts";

const user = emailOf("lin");
/** Set it to repeat a run whose title has another one. */
const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 1_000_000);

/** The sums of all accounts today, as the REST interface has them. */
async function readOverview({ rest }: Console) {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const [from, to] = [day(Date.now() - 86_400_000), day(Date.now() + 172_800_000)];
  const { spent, granted, now } = await rest("admin", ["GET", `/admin/stats/overview?from=${from}&to=${to}`]);
  const sum = (granted as readonly { amount: number }[]).reduce((all, { amount }) => all + amount, 0);
  return { spent: spent as number, granted: sum, ...(now as { outstanding: number; held: number; openHolds: number }) };
}

/** What the REST interface says of the account. */
async function readAccount({ rest }: Console) {
  const { balance, held } = await rest("lin", ["GET", "/credits/balance"]);
  const { items } = await rest("lin", ["GET", "/credits/transactions?limit=100"]);
  const entries = (items as readonly { balanceAfter: number; heldAfter: number }[]).map(
    ({ balanceAfter, heldAfter }) => ({ balance: balanceAfter, held: heldAfter }),
  );
  return { balance, held, entries };
}

/** Every page that shows a number of the account shows that of the model. */
async function expectPages({ api }: Console, { finance, user: own }: Pages, model: Model) {
  await finance.goto(`${api.url}/console/users/${user}`);
  await expect.poll(() => entriesShown(finance)).toEqual(model.entries);
  expect(await factOf(finance, "Available")).toBe(model.balance);
  expect(await factOf(finance, "Held")).toBe(model.held);
  await own.goto(`${api.url}/account/history`);
  await expect.poll(() => entriesShown(own)).toEqual(model.entries);
  await own.goto(`${api.url}/account`);
  await expect.poll(() => entriesShown(own)).toEqual(model.entries.slice(0, 10));
  await own.locator("[aria-live]", { hasText: new RegExp(`^${model.balance.toLocaleString("en")}$`) }).waitFor();
  const heldText = own.getByText(`${model.held} more are held`);
  await (model.held > 0 ? heldText.first().waitFor() : expect.poll(() => heldText.count()).toBe(0));
}

for (const kind of ["sqlite", "postgresql"] as const) {
  let database: FreshDatabase;
  const start = async (env: Readonly<Record<string, string>>): Promise<Served> => {
    database = await freshDatabase(kind);
    const api = await startApi({ databaseUrl: database.url, env });
    return { api, url: api.url };
  };

  describeConsole(
    `numbers on the pages after acts at random, on ${kind}`,
    (getConsole) => {
      let pages: Pages;
      beforeAll(async () => {
        const { open } = getConsole();
        pages = { finance: await open("finance", "/console"), user: await open("lin", "/account") };
      });
      afterAll(() => database.drop());

      test(`after random acts, every page shows the numbers of the ledger and of the client (seed ${seed}, ${kind})`, {
        timeout: timeLimit(240),
      }, async () => {
        const random = randomFrom(seed);
        const before = await readOverview(getConsole());
        const { balance } = await getConsole().rest("lin", ["GET", "/credits/balance"]);
        const first = { shown: `+${balance}`, balance: balance as number, held: 0 };
        const model: Model = {
          ...{ balance: balance as number, held: 0, spent: 0, granted: 0 },
          ...{ entries: [first], charges: [], holds: [] },
        };
        const world = { console: getConsole(), pages, model, pick: (max: number) => 1 + random.below(max) };
        await actAtRandom(world, async () => {
          const entries = model.entries.map(({ balance: after, held }) => ({ balance: after, held }));
          expect(await readAccount(getConsole())).toEqual({ balance: model.balance, held: model.held, entries });
          await expectPages(getConsole(), pages, model);
          const expected = {
            ...{ spent: before.spent + model.spent, granted: before.granted + model.granted },
            ...{ held: model.held, openHolds: model.holds.length },
            outstanding: before.outstanding + model.balance - (balance as number),
          };
          await expect.poll(() => readOverview(getConsole())).toEqual(expected);
          const { finance } = pages;
          await finance.goto(`${getConsole().api.url}/console`);
          await expect
            .poll(async () => ({
              ...{ spent: await factOf(finance, "Spent"), granted: await factOf(finance, "Granted") },
              ...{ held: await factOf(finance, "Held"), openHolds: await factOf(finance, "Open holds") },
              outstanding: await factOf(finance, "Credits not spent"),
            }))
            .toEqual(expected);
        });
        expect(getConsole().faults).toEqual([]);
      });
    },
    start,
  );
}
