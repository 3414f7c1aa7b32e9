import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describeOn, openFaultProxy } from "@jifen/testkit";
import { expect, test } from "vitest";
import { consuming, done, granting, newAccount, perform, untilKnown } from "./commands.ts";
import { journalOf, useDatabase } from "./use-database.ts";

const consumeOnce = fileURLToPath(new URL("consume-once.ts", import.meta.url));

describeOn("mongodb")("a process that is killed inside a transaction", () => {
  const here = useDatabase("mongodb");

  test.each(["insert", "commitTransaction"])(
    "a process that is killed at %s blocks other processes for a short time only",
    async (statement) => {
      const { ledger } = here.database;
      const account = newAccount();
      await perform(ledger, granting(account, 10));
      await using proxy = await openFaultProxy(here.url);
      const { reached } = proxy.pauseAt(statement);
      const args = ["--conditions=@jifen/source", consumeOnce, proxy.url, account, "3", "order-1"];
      const killed = spawn(process.execPath, args, { stdio: "inherit" });
      const ended = once(killed, "exit");
      await reached;
      killed.kill("SIGKILL");
      await ended;
      // The server itself would keep the transaction open for a minute.
      const retried = done(await untilKnown(() => perform(ledger, consuming(account, 3, "order-1"))));
      expect(retried).toMatchObject({ replayed: false, entry: { balanceAfter: 7 } });
      expect((await journalOf(here.rows, account)).map(({ amount }) => amount)).toEqual([10, 3]);
    },
  );
});
