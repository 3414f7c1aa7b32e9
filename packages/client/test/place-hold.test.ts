import { eventually, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJifenClient, type JifenClient } from "../src/index.ts";
import { placeHold } from "../src/server.ts";

const credentials = { email: "user@example.com", password: "password123" };

describe("placeHold, against the real server", () => {
  let jifen: JifenClient;
  let stop: () => Promise<unknown>;
  /** What the client knows that it was charged. */
  let charged = 0;
  let presses = 0;
  beforeAll(async () => {
    const env = { USER_WHITELIST: `${credentials.email}:${credentials.password}`, INITIAL_CREDITS: "1000" };
    const api = await startApi({ env });
    stop = () => api.stop();
    const { token } = await createJifenClient({ url: api.url }).auth.login.mutate(credentials);
    jifen = createJifenClient({ url: api.url, token });
  });
  afterAll(() => stop?.());

  const newPress = () => ({ amount: 5, action: "video", idempotencyKey: `press-${++presses}` });
  const capture = (holdId: string) => jifen.holds.capture.mutate({ holdId, idempotencyKey: `${holdId}-capture` });
  const release = (holdId: string) => jifen.holds.release.mutate({ holdId });
  const expectBalance = async ({ held }: { held: number }) =>
    expect(await jifen.credits.balance.query()).toMatchObject({ balance: 1_000 - charged - held, held });

  test("a repeated press has the hold that it has placed", async () => {
    const press = newPress();
    const hold = await placeHold(jifen, press);
    expect(hold).toMatchObject({ state: "pending", amount: 5 });
    expect(await placeHold(jifen, press)).toEqual(hold);
    await expectBalance({ held: 5 });
    await release(hold.holdId);
  });

  test("a press whose hold has expired places another one, which can be charged", async () => {
    const press = { ...newPress(), ttlSeconds: 5 };
    const expired = await placeHold(jifen, press);
    await eventually(async () =>
      expect(await jifen.holds.find.query({ holdId: expired.holdId })).toMatchObject({ state: "expired" }),
    );
    await expect(capture(expired.holdId)).rejects.toMatchObject({ code: "HOLD_ALREADY_RESOLVED" });
    const next = await placeHold(jifen, press);
    expect(next).toMatchObject({ state: "pending" });
    expect(next.holdId).not.toBe(expired.holdId);
    expect(await capture(next.holdId)).toMatchObject({ captured: 5 });
    charged += 5;
    await expectBalance({ held: 0 });
  });

  test("a press whose holds were released places one more, and charges that one once", async () => {
    const press = newPress();
    const holdIds = new Set<string>();
    for (let failures = 0; failures < 3; failures++) {
      const { holdId } = await placeHold(jifen, press);
      holdIds.add(holdId);
      await release(holdId);
    }
    expect(holdIds.size).toBe(3);
    const { holdId } = await placeHold(jifen, press);
    const first = await capture(holdId);
    charged += 5;
    expect(await placeHold(jifen, press)).toMatchObject({ holdId, state: "captured" });
    expect(await capture(holdId)).toEqual(first);
    await expectBalance({ held: 0 });
  });

  test("concurrent attempts, some of which fail and release, charge each press once", async () => {
    const made = Array.from({ length: 6 }, newPress);
    const attempt = async (press: ReturnType<typeof newPress>, isFailing: boolean): Promise<string | undefined> => {
      const { holdId } = await placeHold(jifen, press);
      try {
        if (!isFailing) return (await capture(holdId)).transactionId;
        await release(holdId);
      } catch (error) {
        // Another attempt has resolved it: this one has charged nothing.
        expect(error).toMatchObject({ code: "HOLD_ALREADY_RESOLVED" });
      }
      return undefined;
    };
    await Promise.all(made.flatMap((press) => [0, 1, 2, 3, 4].map((nth) => attempt(press, nth % 2 === 0))));
    // The user presses again until there is a result.
    const results = await Promise.all(made.map((press) => attempt(press, false)));
    expect(new Set(results).size).toBe(made.length);
    expect(results).not.toContain(undefined);
    charged += 5 * made.length;
    await expectBalance({ held: 0 });
    expect(await Promise.all(made.map((press) => attempt(press, false)))).toEqual(results);
    await expectBalance({ held: 0 });
  });
});
