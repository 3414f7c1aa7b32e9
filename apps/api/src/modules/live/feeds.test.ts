import { type UserId, userId } from "@jifen/core";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { createFeeds, type Feed } from "./feeds.ts";
import { Subscriber } from "./subscriber.ts";

const user = userId("user@example.com");
const subscriberOf = (id: UserId = user) => new Subscriber(id, new Set(["log"] as const));
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type Recorded = {
  readonly open?: (id: UserId) => Promise<object>;
  readonly look?: () => Promise<void>;
};

/** Feeds whose looks are recorded. */
function record({ open = async (id) => ({ id }), look = async () => {} }: Recorded = {}) {
  const looks: (readonly UserId[])[] = [];
  const feeds = createFeeds<object>({
    open,
    look: (found: readonly Feed<object>[]) => {
      looks.push(found.map(({ userId: id }) => id));
      return look();
    },
  });
  return { looks, ...feeds };
}

test("users without a subscriber are not looked at, and several notices are one look", async () => {
  const { looks, join, mark } = record();
  await join(subscriberOf());
  await expect.poll(() => looks).toEqual([[user]]);
  for (let n = 0; n < 50; n += 1) for (const id of [user, userId("other@example.com")]) mark(id);
  await wait(300);
  expect(looks).toEqual([[user], [user]]);
});

test("a feed is opened once for all subscribers of a user, and again after the last one left", async () => {
  let opened = 0;
  const open = async () => ({ opened: ++opened });
  const { join, leave } = record({ open });
  const [one, other] = [subscriberOf(), subscriberOf()];
  await Promise.all([join(one), join(other)]);
  leave(one);
  await join(one);
  expect(opened).toBe(1);
  for (const each of [one, other]) leave(each);
  await join(one);
  expect(opened).toBe(2);
});

test("a subscriber that comes while another leaves is in the feed that is looked at", async () => {
  const { looks, join, leave, mark } = record();
  const [one, other] = [subscriberOf(), subscriberOf()];
  await join(one);
  const joining = join(other);
  leave(one);
  await joining;
  await expect.poll(() => looks.length).toBeGreaterThan(0);
  const before = looks.length;
  mark(user);
  await expect.poll(() => looks.length).toBeGreaterThan(before);
});

test("a feed that cannot be opened is opened again for the next subscriber", async () => {
  let fails = true;
  const { join } = record({
    open: async (id) => {
      if (fails) throw new Error("no answer");
      return { id };
    },
  });
  await expect(join(subscriberOf())).rejects.toThrow("no answer");
  fails = false;
  await join(subscriberOf());
});

test("a look that fails is repeated", async () => {
  let fails = 2;
  const { looks, join } = record({
    look: async () => {
      fails -= 1;
      if (fails >= 0) throw new Error("no answer");
    },
  });
  await join(subscriberOf());
  await expect.poll(() => looks.length, { timeout: timeLimit(5) }).toBe(3);
});
