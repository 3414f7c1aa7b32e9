import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import { type DatabaseKind, describeOn, type LossMoment } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { consuming, done, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { eventsOn, expectBothOrNeither, fundWithOrder, orderOn } from "./expect-extra-writes.ts";
import { newId, payOrder, withExtra } from "./extra-writes.ts";
import { journalOf, useDatabase } from "./use-database.ts";
import { useFaultyConnection } from "./use-faulty-connection.ts";

const moments: LossMoment[] = ["before it is sent", "after it is answered"];

/** A word of each statement that a commit with extra writes sends, in their order. */
const statementsOf = {
  // The first commit of the test reads optimistically; the write, the extra writes and COMMIT are pipelined.
  postgresql: ["accounts-with-grants", "write", "extra-write", "one_time_links", "COMMIT"],
  mysql: ["FOR", "SYSDATE", "system:earned", "audit_events", "one_time_links", "COMMIT"],
  mongodb: ["aggregate", "update", "insert", "audit_events", "one_time_links", "commitTransaction"],
} as const;

describe.each(["postgresql", "mysql", "mongodb"] as const)("extra writes over a faulty connection to %s", (kind) => {
  describeOn(kind)("", () => describeConnectionLoss(kind));
});

function describeConnectionLoss(kind: keyof typeof statementsOf): void {
  const here = useDatabase(kind);
  const faulty = useFaultyConnection(here);

  const losses = statementsOf[kind].flatMap((statement) => moments.map((moment) => ({ statement, moment })));

  test.each(losses)(
    `a connection loss on ${kind} at $statement, $moment, leaves the command with its extra writes or neither`,
    async ({ statement, moment }) => {
      const [account, key, event] = [newAccount(), newId(), newId()];
      const order = await fundWithOrder(here, account);
      const command = withExtra(consuming(account, 3, key), payOrder(order, event));
      faulty.proxy.loseConnectionAt(statement, moment);
      const result = await perform(faulty.database.ledger, command).catch((error: unknown) => error);
      expect(faulty.proxy.lostConnections()).toBe(1);
      if (result instanceof Error && !(result instanceof DatabaseUnavailable))
        expect(result).toBeInstanceOf(OutcomeUnknown);
      // Waits for the row lock of a transaction that is still open on the server.
      done(await untilKnown(() => perform(here.database.ledger, consuming(account, 1))));
      const hadEffect = await expectBothOrNeither(here, { account, key, order, event });
      if (result instanceof DatabaseUnavailable) expect(hadEffect).toBe(false);
      const retried = done(await untilKnown(() => perform(faulty.database.ledger, command)));
      expect(retried.replayed).toBe(hadEffect);
      expect(await expectBothOrNeither(here, { account, key, order, event })).toBe(true);
    },
  );

  test(`however often the connection to ${kind} is lost, every command has its extra writes exactly once`, async () => {
    const account = newAccount();
    done(await perform(here.database.ledger, granting(account, 1_000)));
    let losses = 0;
    const losing = setInterval(() => {
      const words = statementsOf[kind];
      faulty.proxy.loseConnectionAt(words[losses % words.length] as string, moments[losses % 2] as LossMoment);
      losses += 1;
    }, 15);
    const attempts = await Promise.all(
      Array.from({ length: 24 }, async () => ({
        ...{ account, key: newId(), event: newId() },
        order: await fundWithOrder(here, newAccount()),
      })),
    );
    for (let n = 0; n < attempts.length; n += 4) {
      await Promise.all(
        attempts.slice(n, n + 4).map(({ key, order, event }) => {
          const command = withExtra(consuming(account, 1, key), payOrder(order, event));
          return untilKnown(() => perform(faulty.database.ledger, command));
        }),
      );
    }
    clearInterval(losing);
    for (const each of attempts) expect(await expectBothOrNeither(here, each)).toBe(true);
    expect(await journalOf(here.rows, account)).toHaveLength(25);
  });
}

describe.each<DatabaseKind>(["sqlite", "postgresql", "mysql", "mongodb"])("a process on %s", (kind) => {
  describeOn(kind)("", () => {
    const here = useDatabase(kind);
    const script = fileURLToPath(new URL("write-until-killed.ts", import.meta.url));

    test(`a process on ${kind} that is killed leaves each command with its extra writes or neither`, async () => {
      const { ledger } = here.database;
      const account = newAccount();
      done(await perform(ledger, granting(account, 100_000)));
      const keys: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const args = ["--conditions=@jifen/source", script, here.url, account];
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
        const ended = once(child, "exit");
        let output = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
        await once(child.stdout, "data");
        await sleep(50 + Math.random() * 200);
        child.kill("SIGKILL");
        await ended;
        keys.push(...output.split("\n").filter((key) => key !== ""));
        // Waits until the server has rolled back the transaction of the dead process.
        done(await untilKnown(() => perform(ledger, consuming(account, 1))));
      }
      const entries = new Set((await journalOf(here.rows, account)).map((entry) => entry.idempotency_key));
      expect(keys.length).toBeGreaterThan(3);
      for (const key of keys) {
        const count = entries.has(`caller:${key}`) ? 1 : 0;
        expect(await eventsOn(here, key)).toHaveLength(count);
        expect(await orderOn(here, key)).toEqual(count === 1 ? { state: "open", by: null } : undefined);
      }
    });
  });
});
