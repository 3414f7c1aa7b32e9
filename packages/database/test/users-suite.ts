import { accountOf, type UserId, userId } from "@jifen/core";
import type { WriteSet } from "@jifen/ledger";
import type { DatabaseKind } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import type { NewUser } from "../src/index.ts";
import { balanceOn, firstGrantOf, granting, perform, untilKnown } from "./commands.ts";
import { newEvent, newUser, newUserId, times, untouched } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/**
 * Lets other tasks run, longer for more `steps`, so that what follows meets a transaction at every point of it. Prisma begins
 * on the next tick; on SQLite a whole transaction can run within that tick.
 */
async function letOthersRun(steps: number): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve));
  for (let step = 0; step < steps * 10; step += 1) await undefined;
}

/** A first grant whose last row the database refuses. */
function refusedGrant(of: UserId): WriteSet {
  const grant = firstGrantOf(accountOf(of), 100);
  return { ...grant, entries: grant.entries.map((entry) => ({ ...entry, credit: entry.debit })) };
}

/** The behavior of users on every database. */
export function describeUsers(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  const create = (user: NewUser, amount = 100) =>
    here.database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), amount), event: newEvent() });
  const createRefused = (user: NewUser) =>
    here.database.users.create({ user, firstGrant: refusedGrant(user.id), event: newEvent() });
  const balanceOf = async (id: UserId) => (await balanceOn(here.database.ledger, accountOf(id)))?.balance;

  describe("a user", () => {
    test("creating a user writes the first grant in the same transaction", async () => {
      const user = newUser();
      expect(await create(user)).toBe(true);
      expect(await here.database.users.find(user.id)).toEqual({ ...user, ...untouched });
      expect(await balanceOf(user.id)).toBe(100);
      const next = await perform(here.database.ledger, granting(accountOf(user.id), 5));
      expect(next).toMatchObject({ value: { entry: { sequence: 2, balanceAfter: 105 } } });
    });

    test("users who were created in a time are counted, its begin included and its end not", async () => {
      const fromMs = 1_234_567_000_000;
      for (const createdAtMs of [fromMs - 1, fromMs, fromMs + 1, fromMs + 2]) {
        await create({ ...newUser(), createdAtMs });
      }
      const { users } = here.database;
      expect(await users.countCreated({ fromMs, toMs: fromMs + 2 })).toBe(2);
      expect(await users.countCreated({ fromMs, toMs: fromMs })).toBe(0);
    });

    test("ids that look alike are ids of different users", async () => {
      const names = [
        "jürgen",
        "jurgen",
        "ju\u0308rgen",
        "JÜRGEN",
        "jürgen ",
        "ﬁn",
        "fin",
        "strasse",
        "straße",
        "а",
        "a",
        "ß",
        "ss",
        "ı",
        "i",
        "かな",
        "カナ",
      ];
      const domain = newUserId();
      const ids = names.map((name) => userId(`${name}.${domain}`));
      for (const id of ids) expect(await create(newUser(id), 5)).toBe(true);
      for (const id of ids) expect((await here.database.users.find(id))?.id).toBe(id);
      const found = await here.database.users.findMany(ids);
      expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      for (const id of ids) expect(await balanceOf(id)).toBe(5);
    });

    test("a user can be created without a password", async () => {
      const user = { ...newUser(), passwordHash: null };
      await create(user);
      expect(await here.database.users.find(user.id)).toMatchObject({ passwordHash: null });
    });

    test("find returns undefined for an id that does not exist", async () => {
      expect(await here.database.users.find(userId("missing@example.com"))).toBeUndefined();
    });

    test("findMany returns each existing user once and ignores unknown ids", async () => {
      const made = times(3, () => newUser());
      for (const user of made) await create(user);
      const [first, ...others] = made.map(({ id }) => id);
      const unknownIds = times(1_000, () => newUserId());
      const wanted = [...unknownIds, ...others, ...others].concat(first ?? []);
      const found = await here.database.users.findMany(wanted);
      expect(found.map(({ id }) => id).toSorted()).toEqual(made.map(({ id }) => id).toSorted());
      expect(found.find(({ id }) => id === first)).toEqual({ ...made[0], ...untouched });
      expect(await here.database.users.findMany([])).toEqual([]);
    });

    test("creating a user with an id that exists changes nothing and grants no credits", async () => {
      const user = newUser();
      await create(user);
      expect(await create({ ...user, name: "other", passwordHash: "other" }, 900)).toBe(false);
      expect(await here.database.users.find(user.id)).toMatchObject({
        name: user.name,
        passwordHash: user.passwordHash,
      });
      expect(await balanceOf(user.id)).toBe(100);
    });

    test("concurrent calls create a user once", async () => {
      const user = newUser();
      const made = await Promise.all(times(20, () => create(user)));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await balanceOf(user.id)).toBe(100);
    });

    test("a user whose first grant is refused is not created", async () => {
      const user = newUser();
      await expect(createRefused(user)).rejects.toThrow();
      expect(await here.database.users.find(user.id)).toBeUndefined();
      expect(await balanceOf(user.id)).toBeUndefined();
    });
  });

  describe("an open transaction", () => {
    test("is not visible to other calls, and its rollback undoes no write of theirs", async () => {
      const [user, other] = [newUserId(), newUserId()];
      const names: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        const failing = createRefused(newUser(user));
        const others = Array.from({ length: 60 }, async (_, steps) => {
          await letOthersRun(steps);
          const name = `${user} ${names.length}`;
          names.push(name);
          const gift = granting(accountOf(other), 1);
          // Sixty of them on one account exceed the time for which a slow MongoDB retries write conflicts.
          const committed = untilKnown(() => perform(here.database.ledger, gift));
          return Promise.all([
            here.database.users.find(user),
            balanceOf(user),
            here.database.leases.acquire({ name, holder: user, nowMs: 1, untilMs: 2 }),
            committed,
          ]);
        });
        const [created, ...seen] = await Promise.allSettled([failing, ...others]);
        expect(created.status).toBe("rejected");
        for (const each of seen) {
          expect(each).toMatchObject({ value: [undefined, undefined, true, { ok: true }] });
        }
      }
      const rows = await here.rows.find("job_leases", { holder: user });
      expect(rows.map((row) => row["name"] ?? row["_id"]).toSorted()).toEqual(names.toSorted());
      expect(await balanceOf(other)).toBe(300);
    });

    test("becomes visible as a whole when it is committed", async () => {
      for (const user of times(5, () => newUser())) {
        const made = create(user);
        const seen = Array.from({ length: 60 }, async (_, steps) => {
          await letOthersRun(steps);
          const found = await here.database.users.find(user.id);
          if (found) expect(await balanceOf(user.id)).toBe(100);
        });
        await Promise.all([made, ...seen]);
      }
    });
  });
}
