import { accountOf, type UserId, userId } from "@jifen/core";
import type { WriteSet } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { Log, NewUser } from "../src/index.ts";
import { balanceOn, firstGrantOf, granting, perform, untilKnown } from "./commands.ts";
import { newEvent, newLog, newUser, newUserId, times, untouched } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/**
 * Lets others run for a while, longer for more `steps`, so that what follows meets a transaction at every point of it.
 * Prisma begins on the next tick; on SQLite a whole transaction may then be done before the one after.
 */
async function inTheMiddle(steps: number): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve));
  for (let step = 0; step < steps * 10; step += 1) await undefined;
}

/** A first grant whose last row the database refuses. */
function refusedGrant(of: UserId): WriteSet {
  const grant = firstGrantOf(accountOf(of), 100);
  return { ...grant, entries: grant.entries.map((line) => ({ ...line, credit: line.debit })) };
}

/** What every database must do for users and logs. */
export function describeUsersAndLogs(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = (user: NewUser, amount = 100) =>
    here.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), amount), event: newEvent() });
  const createRefused = (user: NewUser) =>
    here.database.users.create({ user, firstGrant: refusedGrant(user.id), event: newEvent() });
  const balanceOf = async (id: UserId) => (await balanceOn(here.database.ledger, accountOf(id)))?.balance;

  describe("a user", () => {
    test("is made together with the first credits", async () => {
      const user = newUser();
      expect(await create(user)).toBe(true);
      expect(await here.database.users.find(user.id)).toEqual({ ...user, ...untouched });
      expect(await balanceOf(user.id)).toBe(100);
      const next = await perform(here.database.ledger, granting(accountOf(user.id), 5));
      expect(next).toMatchObject({ value: { entry: { sequence: 2, balanceAfter: 105 } } });
    });

    test("may have no password", async () => {
      const user = { ...newUser(), passwordHash: null };
      await create(user);
      expect(await here.database.users.find(user.id)).toMatchObject({ passwordHash: null });
    });

    test("is not found before it is made", async () => {
      expect(await here.database.users.find(userId("nobody@example.com"))).toBeUndefined();
    });

    test("is found among many, once, and without those who are not there", async () => {
      const made = times(3, () => newUser());
      for (const user of made) await create(user);
      const [first, ...others] = made.map(({ id }) => id);
      const strangers = times(1_000, () => newUserId());
      const asked = [...strangers, ...others, ...others].concat(first ?? []);
      const found = await here.database.users.findMany(asked);
      expect(found.map(({ id }) => id).toSorted()).toEqual(made.map(({ id }) => id).toSorted());
      expect(found.find(({ id }) => id === first)).toEqual({ ...made[0], ...untouched });
      expect(await here.database.users.findMany([])).toEqual([]);
    });

    test("is not made a second time: nothing of it changes, no credits come", async () => {
      const user = newUser();
      await create(user);
      expect(await create({ ...user, name: "other", passwordHash: "other" }, 900)).toBe(false);
      expect(await here.database.users.find(user.id)).toMatchObject({
        name: user.name,
        passwordHash: user.passwordHash,
      });
      expect(await balanceOf(user.id)).toBe(100);
    });

    test("is made once by many who try at once", async () => {
      const user = newUser();
      const made = await Promise.all(times(20, () => create(user)));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await balanceOf(user.id)).toBe(100);
    });

    test("is not there without the first credits", async () => {
      const user = newUser();
      await expect(createRefused(user)).rejects.toThrow();
      expect(await here.database.users.find(user.id)).toBeUndefined();
      expect(await balanceOf(user.id)).toBeUndefined();
    });
  });

  describe("a transaction that is still open", () => {
    test("is not seen by anybody, and takes nobody's writes with it when it is undone", async () => {
      const [user, other] = [newUserId(), newUserId()];
      const logs: Log[] = [];
      for (let round = 0; round < 5; round += 1) {
        const failing = createRefused(newUser(user));
        const others = Array.from({ length: 60 }, async (_, steps) => {
          await inTheMiddle(steps);
          const log = newLog(user);
          logs.push(log);
          const gift = granting(accountOf(other), 1);
          // Sixty of them on one account are more than a slow MongoDB does before it tells one that others were first.
          const committed = untilKnown(() => perform(here.database.ledger, gift));
          return Promise.all([
            here.database.users.find(user),
            balanceOf(user),
            here.database.logs.create(log),
            committed,
          ]);
        });
        const [created, ...seen] = await Promise.allSettled([failing, ...others]);
        expect(created.status).toBe("rejected");
        for (const each of seen) {
          expect(each).toMatchObject({ value: [undefined, undefined, { userId: user }, { ok: true }] });
        }
      }
      const rows = await here.rows.find("logs", { user_id: user });
      expect(rows.map((row) => row["id"]).toSorted()).toEqual(logs.map((log) => log.id).toSorted());
      expect(await balanceOf(other)).toBe(300);
    });

    test("is seen whole once it is there", async () => {
      for (const user of times(5, () => newUser())) {
        const made = create(user);
        const seen = Array.from({ length: 60 }, async (_, steps) => {
          await inTheMiddle(steps);
          const found = await here.database.users.find(user.id);
          if (found) expect(await balanceOf(user.id)).toBe(100);
        });
        await Promise.all([made, ...seen]);
      }
    });
  });

  describe("a log", () => {
    const rowsOf = (of: UserId) => here.rows.find("logs", { user_id: of }, "id");

    test("comes back as it was written", async () => {
      const log = newLog(newUserId(), { idempotencyKey: "order-1" });
      expect(await here.database.logs.create(log)).toEqual(log);
      expect(await here.database.logs.create({ ...log, id: "log-other" })).toEqual(log);
    });

    test("is written once for a key, and every caller is told of the first", async () => {
      const user = newUserId();
      const answers = await Promise.all(
        times(50, () => here.database.logs.create(newLog(user, { idempotencyKey: "order-1" }))),
      );
      const rows = await rowsOf(user);
      expect(rows).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.id))).toEqual(new Set([rows[0]?.["id"]]));
    });

    test("under the same key of another user is another log", async () => {
      const [ann, bob] = [newUserId(), newUserId()];
      for (const each of [ann, bob]) {
        const log = newLog(each, { idempotencyKey: "order-1" });
        expect(await here.database.logs.create(log)).toEqual(log);
      }
    });

    test("without a key is written as often as it is sent", async () => {
      const user = newUserId();
      for (const log of [newLog(user), newLog(user)]) expect(await here.database.logs.create(log)).toEqual(log);
      expect(await rowsOf(user)).toHaveLength(2);
    });

    test("needs no user and no account: a log never waits for money", async () => {
      const stranger = newUserId();
      expect(await here.database.logs.create(newLog(stranger))).toMatchObject({ userId: stranger });
    });
  });
}
