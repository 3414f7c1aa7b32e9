import { createHash, randomUUID } from "node:crypto";
import { accountOf, credits, grantId, idempotencyKey, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ClaimRefusal,
  type CodeClaim,
  creditedClaim,
  type Database,
  type NewCodeBatch,
  openDatabase,
} from "../src/index.ts";
import { balanceOn, done, firstGrantOf, granting, perform } from "./commands.ts";
import { newEvent, newUser, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

const NOW_MS = 1_700_000_000_000;

const newHash = () => createHash("sha256").update(randomUUID()).digest("hex");

const newBatch = (batch: Partial<NewCodeBatch> = {}): NewCodeBatch => ({
  id: `batch-${randomUUID()}`,
  name: "春节 promotion",
  credits: 50,
  validDays: 30,
  priority: 40,
  source: "code",
  size: 1,
  maxUsesPerCode: 1,
  maxPerUser: 1,
  fromMs: null,
  untilMs: null,
  madeBy: "user:安@example.com",
  ownerId: null,
  madeAtMs: NOW_MS,
  priceGroup: null,
  ...batch,
});

/** Redemption codes and their claims, the same on every database. */
export function describeCodes(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.secondUrl);
  });
  afterAll(() => other?.close());

  /** Makes a batch of `size` codes. @returns it with their hashes */
  const make = async (terms: Partial<NewCodeBatch> = {}) => {
    const batch = newBatch(terms);
    const hashes = times(batch.size, newHash);
    await here.database.codes.make(batch, hashes, newEvent({ subject: `batch:${batch.id}` }));
    return { batch, hashes, hash: hashes[0] ?? "" };
  };
  type Made = Awaited<ReturnType<typeof make>>;
  type Claimed = Pick<Made, "batch" | "hash"> & { readonly group?: string | null };
  const claim = ({ batch, hash, group }: Claimed, user: UserId, on = here.database) =>
    on.codes.claim(
      {
        ...{ userId: user, batchId: batch.id, codeHash: hash, credits: batch.credits },
        ...{ grantId: grantId(`grant-${randomUUID()}`), expiresAtMs: null, claimedAtMs: NOW_MS, nextCheckMs: NOW_MS },
      },
      { maxUses: batch.maxUsesPerCode, maxPerUser: batch.maxPerUser, group },
    );
  const claimed = async (made: Pick<Made, "batch" | "hash">, user = newUserId()): Promise<CodeClaim> => {
    const outcome = await claim(made, user);
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    return outcome.value;
  };
  const codesOf = (outcomes: readonly Outcome<CodeClaim, ClaimRefusal>[]) =>
    outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.code]));
  const counts = async (made: Pick<Made, "batch" | "hash">) => {
    const [batch, code] = [
      await here.database.codes.findBatch(made.batch.id),
      await here.database.codes.find(made.hash),
    ];
    const claims = await here.rows.find("code_claims", { batch_id: made.batch.id });
    return { claims: batch?.claims, used: code?.used, rows: claims.length };
  };
  /** The grant of a claim, which makes it credited. */
  const crediting = (each: CodeClaim) => ({
    ...granting(accountOf(each.userId), each.credits),
    idempotencyKey: idempotencyKey.ofSystem(`code:${each.codeHash}`),
    grantId: each.grantId,
    extra: ({ id }: { readonly id: string }) => ({ changes: [creditedClaim(each, id)] }),
  });

  describe("a batch of redemption codes", () => {
    test("a batch is stored with its codes and its audit event", async () => {
      const { batch, hashes } = await make({ size: 2_500, maxUsesPerCode: 3, ownerId: newUserId(), untilMs: NOW_MS });
      const stored = { ...batch, endedAtMs: null, claims: 0 };
      expect(await here.database.codes.findBatch(batch.id)).toEqual(stored);
      for (const codeHash of [hashes[0] ?? "", hashes.at(-1) ?? ""]) {
        expect(await here.database.codes.find(codeHash)).toEqual({ codeHash, used: 0, maxUses: 3, batch: stored });
      }
      expect(await here.rows.find("codes", { batch_id: batch.id })).toHaveLength(2_500);
      expect(await here.database.auditLog.list({ subject: `batch:${batch.id}` }, { limit: 5 })).toHaveLength(1);
      expect(await here.database.codes.find(newHash())).toBeUndefined();
    });

    test("batches are listed in pages, newest first", async () => {
      const prefix = `batch-~${randomUUID()}`;
      for (const n of [1, 2, 3]) await make({ id: `${prefix}-${n}` });
      const first = await here.database.codes.batches({ limit: 2 });
      expect(first.map(({ id }) => id)).toEqual([`${prefix}-3`, `${prefix}-2`]);
      const [next] = await here.database.codes.batches({ limit: 1, before: `${prefix}-2` });
      expect(next?.id).toBe(`${prefix}-1`);
    });

    test("after the end of a batch none of its codes is claimed, and it ends once", async () => {
      const made = await make({ maxUsesPerCode: 5 });
      const first = await claimed(made);
      expect(await here.database.codes.end(made.batch.id, NOW_MS, newEvent())).toBe(true);
      expect(await here.database.codes.end(made.batch.id, NOW_MS + 1, newEvent())).toBe(false);
      expect(await here.database.codes.end("batch-none", NOW_MS, newEvent())).toBe(false);
      expect(await claim(made, newUserId())).toEqual(refuse({ code: "CODE_NOT_VALID" }));
      expect(await counts(made)).toEqual({ claims: 1, used: 1, rows: 1 });
      expect(await here.database.codes.findClaim(first.userId, made.hash)).toEqual(first);
      expect(await here.database.codes.findBatch(made.batch.id)).toMatchObject({ endedAtMs: NOW_MS });
    });
  });

  describe("a claim of a redemption code", () => {
    test("a user claims a code once, and the second time gets the same claim", async () => {
      const made = await make({ maxUsesPerCode: 5 });
      const user = newUserId();
      const first = await claimed(made, user);
      expect(first).toMatchObject({ userId: user, number: 1, state: "claimed", credits: 50, transactionId: null });
      expect(await claim(made, user)).toEqual(ok(first));
      expect(await counts(made)).toEqual({ claims: 1, used: 1, rows: 1 });
    });

    test("of 64 users who claim a code concurrently over two connections, as many get it as it has uses", async () => {
      const made = await make({ maxUsesPerCode: 10 });
      const outcomes = await Promise.all(
        times(64, (n) => claim(made, newUserId(), n % 2 === 0 ? other : here.database)),
      );
      expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(10);
      expect(codesOf(outcomes)).toEqual(times(54, () => "CODE_NOT_VALID"));
      expect(await counts(made)).toEqual({ claims: 10, used: 10, rows: 10 });
    });

    test("a user who claims a code 16 times concurrently has one claim", async () => {
      const made = await make({ maxUsesPerCode: 64, maxPerUser: 64 });
      const user = newUserId();
      const outcomes = await Promise.all(times(16, (n) => claim(made, user, n % 2 === 0 ? other : here.database)));
      const [first] = outcomes;
      for (const outcome of outcomes) expect(outcome).toEqual(first);
      expect(await counts(made)).toEqual({ claims: 1, used: 1, rows: 1 });
    });

    test("a user who claims many codes of a batch concurrently gets as many as a user can", async () => {
      const { batch, hashes } = await make({ size: 12, maxPerUser: 3 });
      const user = newUserId();
      const outcomes = await Promise.all(
        hashes.map((hash, n) => claim({ batch, hash }, user, n % 2 === 0 ? other : here.database)),
      );
      expect(codesOf(outcomes)).toEqual(times(9, () => "CODE_LIMIT"));
      expect(outcomes.find(({ ok: isOk }) => !isOk)).toEqual(refuse({ code: "CODE_LIMIT", limit: 3 }));
      const claims = await here.database.codes.claimsOfUser(user);
      expect(claims.map(({ number }) => number).toSorted()).toEqual([1, 2, 3]);
      const codes = await Promise.all(hashes.map((hash) => here.database.codes.find(hash)));
      expect(codes.filter((code) => code?.used === 1)).toHaveLength(3);
      expect(await here.database.codes.findBatch(batch.id)).toMatchObject({ claims: 3 });
    });

    const setGroup = async (id: UserId, priceGroup: string | null) =>
      expect(await here.database.users.change({ id, set: { priceGroup }, event: newEvent() })).toMatchObject({
        ok: true,
      });
    const createUser = async () => {
      const created = newUser();
      const firstGrant = firstGrantOf(accountOf(created.id), 1);
      expect(await here.database.users.create({ user: created, firstGrant, event: newEvent() })).toBe(true);
      return created;
    };

    test("only users of the price group of a batch claim its codes, and a claim stays when the group changes", async () => {
      const { id } = await createUser();
      const vip = { ...(await make({ maxUsesPerCode: 9, priceGroup: "vip" })), group: "vip" };
      const byDefault = { ...(await make({ maxUsesPerCode: 9, priceGroup: "default" })), group: null };
      expect(await claim(vip, id)).toEqual(refuse({ code: "CODE_NOT_VALID" }));
      expect(await counts(vip)).toEqual({ claims: 0, used: 0, rows: 0 });
      expect(await claim(byDefault, id)).toMatchObject({ ok: true });
      await setGroup(id, "vip");
      const first = await claim(vip, id, other);
      expect(first).toMatchObject({ ok: true, value: { number: 1 } });
      const again = { ...(await make({ maxUsesPerCode: 9, priceGroup: "default" })), group: null };
      expect(await claim(again, id)).toEqual(refuse({ code: "CODE_NOT_VALID" }));
      await setGroup(id, null);
      expect(await claim(vip, id)).toEqual(first);
    });

    test("a user who leaves a price group while claiming its codes claims none after the change", async () => {
      const { id } = await createUser();
      await setGroup(id, "vip");
      const { batch, hashes } = await make({ size: 12, maxPerUser: 12, priceGroup: "vip" });
      const claimAll = (some: readonly string[]) =>
        Promise.all(
          some.map((hash, n) => claim({ batch, hash, group: "vip" }, id, n % 2 === 0 ? other : here.database)),
        );
      const [outcomes] = await Promise.all([claimAll(hashes.slice(0, 8)), setGroup(id, null)]);
      const after = await claimAll(hashes.slice(8));
      expect(codesOf(after)).toEqual(times(4, () => "CODE_NOT_VALID"));
      const claims = outcomes.filter((outcome) => outcome.ok).length;
      expect(codesOf(outcomes)).toEqual(times(8 - claims, () => "CODE_NOT_VALID"));
      expect(await here.database.codes.findBatch(batch.id)).toMatchObject({ claims });
      expect(await here.database.codes.claimsOfUser(id)).toHaveLength(claims);
    });

    test("a claim becomes credited in the transaction of its grant, once", async () => {
      const each = await claimed(await make());
      const { entry } = done(await perform(here.database.ledger, crediting(each)));
      const stored = await here.database.codes.findClaim(each.userId, each.codeHash);
      expect(stored).toEqual({ ...each, state: "credited", transactionId: entry.id, nextCheckMs: null });
      done(await perform(here.database.ledger, crediting(each)));
      expect(await balanceOn(here.database.ledger, accountOf(each.userId))).toEqual({ balance: 50, held: 0 });
      const again = { ...crediting(each), idempotencyKey: idempotencyKey.ofSystem(`code:${newHash()}`) };
      await expect(
        perform(here.database.ledger, { ...again, grantId: grantId(`grant-${randomUUID()}`) }),
      ).rejects.toMatchObject({ reason: "ROW_NOT_AS_EXPECTED", table: "code_claims" });
      expect(await balanceOn(here.database.ledger, accountOf(each.userId))).toMatchObject({ balance: credits(50) });
    });

    test("claims without their grant are due, the longest due first, until they are credited or expired", async () => {
      const [a, b, c] = [await claimed(await make()), await claimed(await make()), await claimed(await make())];
      const own = new Set([a, b, c].map(({ userId }) => userId));
      const due = async (nowMs: number) => {
        const found = await here.database.codes.dueClaims(nowMs, 1_000);
        return found.filter(({ userId }) => own.has(userId)).map(({ userId }) => userId);
      };
      expect(await due(NOW_MS - 1)).toEqual([]);
      expect((await due(NOW_MS)).toSorted()).toEqual([...own].toSorted());
      await here.database.codes.postpone(a, NOW_MS + 5);
      // A second process that read the claim before.
      await here.database.codes.postpone(a, NOW_MS + 50);
      expect(await here.database.codes.findClaim(a.userId, a.codeHash)).toMatchObject({
        ...{ nextCheckMs: NOW_MS + 5, checks: 1 },
      });
      done(await perform(here.database.ledger, crediting(b)));
      await here.database.codes.postpone(b, NOW_MS + 1);
      await here.database.codes.expire(b);
      expect(await due(NOW_MS + 5)).toEqual([c.userId, a.userId]);
      await here.database.codes.expire(c);
      expect(await due(NOW_MS + 5)).toEqual([a.userId]);
      expect(await here.database.codes.findClaim(c.userId, c.codeHash)).toMatchObject({ state: "expired" });
      expect(await here.database.codes.findClaim(b.userId, b.codeHash)).toMatchObject({ state: "credited" });
    });

    test("codes are read in the order of their hashes, and claims by their codes", async () => {
      const made = await make({ size: 3, maxUsesPerCode: 2 });
      const sorted = made.hashes.toSorted();
      const [first = ""] = sorted;
      const after = await here.database.codes.codesAfter(first, 10_000);
      expect(after.map(({ codeHash }) => codeHash).filter((hash) => sorted.includes(hash))).toEqual(sorted.slice(1));
      expect((await here.database.codes.codesAfter(undefined, 1)).length).toBe(1);
      const claims = [await claimed({ ...made, hash: first }), await claimed({ ...made, hash: first })];
      const found = await here.database.codes.claimsOfCodes(sorted);
      expect(found.map(({ userId }) => userId).toSorted()).toEqual(claims.map(({ userId }) => userId).toSorted());
    });
  });
}
