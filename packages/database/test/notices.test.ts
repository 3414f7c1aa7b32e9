import { type UserId, userId } from "@jifen/core";
import { databaseKinds, describeOn, eventually, openFaultProxy } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { type NoticeChannel, type NoticedUsers, openDatabase } from "../src/index.ts";
import { granting, newAccount, perform } from "./commands.ts";
import { newLog, newUserId } from "./samples.ts";
import { useDatabase } from "./use-database.ts";

/** The users of all notices that a channel gets. */
function collect(channel: NoticeChannel) {
  const notices: NoticedUsers[] = [];
  const stop = channel.listen((users) => notices.push(users));
  return { notices, stop, clear: () => notices.splice(0) };
}

const single = (id: string): ReadonlySet<UserId> => new Set([userId(id)]);

describe.each(databaseKinds)("notices between two processes on %s", (kind) => {
  describeOn(kind)("", () => {
    const here = useDatabase(kind);

    test.each([
      { says: "a change of a balance", write: () => perform(here.database.ledger, granting(newAccount(), 1)) },
      { says: "a new log", write: () => here.database.logs.write([newLog()]) },
    ])(`another process gets a notice of $says on ${kind}`, async ({ write }) => {
      const other = await openDatabase(here.secondUrl);
      const { notices, clear } = collect(other.notices);
      // The first notice says that some may have been lost before.
      await eventually(async () => expect(notices).not.toEqual([]));
      clear();
      await write();
      await here.database.notices.publish(single("user@example.com"));
      await eventually(async () => expect(notices).not.toEqual([]));
      for (const users of notices) expect(["all", single("user@example.com")]).toContainEqual(users);
      await other.close();
    });
  });
});

describeOn("sqlite")("notices of files that were written", () => {
  const here = useDatabase("sqlite");

  test("files that are not written cause no notice, and a listener that stopped gets none", async () => {
    const other = await openDatabase(here.url);
    const { notices, stop, clear } = collect(other.notices);
    await eventually(async () => expect(notices).toEqual(["all"]));
    clear();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(notices).toEqual([]);
    stop();
    await here.database.logs.write([newLog()]);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(notices).toEqual([]);
    await other.close();
  });
});

describeOn("postgresql")("notices of PostgreSQL", () => {
  const here = useDatabase("postgresql");
  const openTwo = async (url = here.url) => {
    const [sender, receiver] = await Promise.all([openDatabase(here.url), openDatabase(url)]);
    const received = collect(receiver.notices);
    await eventually(async () => expect(received.notices).toEqual(["all"]));
    received.clear();
    const close = async () => void (await Promise.all([sender.close(), receiver.close()]));
    return { sender, receiver, ...received, close };
  };

  test("a notice names its users to the other process and does not return to its own", async () => {
    const { sender, notices, close } = await openTwo();
    const own = collect(sender.notices);
    await eventually(async () => expect(own.notices).toEqual(["all"]));
    own.clear();
    await sender.notices.publish(single("one@example.com"));
    await eventually(async () => expect(notices).toEqual([single("one@example.com")]));
    expect(own.notices).toEqual([]);
    await close();
  });

  test("schemas of the same database do not get the notices of each other", async () => {
    const { sender, notices, close } = await openTwo();
    const { createPostgresqlNotices } = await import("../src/drivers/postgresql/notice-channel.ts");
    const { findRoute } = await import("../src/drivers/postgresql/pool.ts");
    const elsewhere = createPostgresqlNotices({ ...(await findRoute(here.url)), schema: "other" });
    await elsewhere.publish(single("elsewhere@example.com"));
    await sender.notices.publish(single("here@example.com"));
    await eventually(async () => expect(notices).toEqual([single("here@example.com")]));
    await Promise.all([elsewhere.close(), close()]);
  });

  test("after a lost connection the listener hears that notices may have been lost, and gets later ones", async () => {
    await using proxy = await openFaultProxy(here.url);
    const { sender, notices, clear, close } = await openTwo(proxy.url);
    await proxy.refuseConnections();
    await sender.notices.publish(single("lost@example.com"));
    await proxy.restore();
    await eventually(async () => expect(notices).toEqual(["all"]));
    clear();
    await sender.notices.publish(single("later@example.com"));
    await eventually(async () => expect(notices).toEqual([single("later@example.com")]));
    await close();
  });

  test("a server that does not answer delays neither a notice nor the end for long", async () => {
    await using proxy = await openFaultProxy(here.url);
    const { receiver, sender } = await openTwo(proxy.url);
    proxy.dropTraffic();
    const beganMs = performance.now();
    await receiver.notices.publish(new Set([newUserId()]));
    await receiver.notices.close();
    // The time that a statement may take, and not the 8 seconds of others.
    expect(performance.now() - beganMs).toBeLessThan(5_000);
    await proxy.restore();
    await Promise.all([sender.close(), receiver.close()]);
  });

  test("a notice is in no transaction of the ledger and in none that writes logs", async () => {
    const { sender, notices, close } = await openTwo();
    await perform(sender.ledger, granting(newAccount(), 1));
    await sender.logs.write([newLog()]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(notices).toEqual([]);
    await close();
  });
});
