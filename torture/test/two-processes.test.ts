import { describeOn, type FreshDatabase, freshDatabase, promise } from "@jifen/testkit";
import type { ModelRequest, Rows } from "@jifen/testkit/ledger-model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRawDatabase, type RawDatabase } from "../src/checker/raw-database.ts";
import { type Call, call, type Heard, type Person } from "../src/faults/call.ts";
import { Notebook } from "../src/faults/client-history.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { Crowd } from "../src/faults/load-clients.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, logIn, makePeople, Replica } from "../src/faults/site.ts";

const PEOPLE = 330;

/** What there is. */
const inAll = ({ accounts }: Rows): number => accounts.reduce((sum, { balance, held }) => sum + balance + held, 0);

/** What the lines made of it. */
const moved = ({ journal }: Rows): number =>
  journal.reduce((sum, { debit, credit, amount }) => {
    if (debit.startsWith("system:")) return sum + amount;
    return credit.startsWith("system:") ? sum - amount : sum;
  }, 0);

describe.each(["postgresql", "mysql", "mongodb"] as const)(
  "two servers on one %s, one of them with a clock an hour ahead",
  (kind) => {
    describeOn(kind)("database", promise("two-processes", kind), () => {
      const notebook = new Notebook();
      let database: FreshDatabase;
      let replicas: readonly Replica[];
      let books: RawDatabase;
      let admin: Person;
      let people: Person[];
      let asked = 0;

      beforeAll(async () => {
        database = await freshDatabase(kind);
        const emails = await makePeople(database.url, PEOPLE);
        replicas = [new Replica(database.url), new Replica(database.url, anHourAhead)];
        await Promise.all(replicas.map((replica) => replica.start()));
        books = await openRawDatabase(database.url);
        people = await logIn(urlOf(0), emails);
        admin = people.shift() as Person;
      });
      afterAll(async () => {
        await books?.[Symbol.asyncDispose]();
        const logged = await Promise.all((replicas ?? []).map((replica) => replica.stop()));
        await database?.drop();
        expect(logged.flat()).toEqual([]);
      });

      const urlOf = (n: number) => (replicas[n % replicas.length] as Replica).url;
      const somebody = () => people.pop() as Person;

      /** Asks one of the servers, and writes it down. */
      async function ask(
        n: number,
        person: Person,
        request: ModelRequest | { key: string; request: ModelRequest },
      ): Promise<Heard> {
        asked += 1;
        const named = "key" in request ? request : { key: `key-${asked}`, request };
        const sent: Call = { person, admin, ...named };
        const write = notebook.sending(sent);
        const heard = await call(urlOf(n), sent);
        write(heard);
        return heard;
      }

      const give = async (person: Person, amount: number) =>
        expect(await ask(0, person, { kind: "grant", amount, priority: 50, expiresAtMs: null })).toMatchObject({
          is: "done",
        });
      const spend = (amount: number): ModelRequest => ({ kind: "consume", amount, action: "video" });
      const times = <Result>(count: number, make: (n: number) => Result): Result[] =>
        Array.from({ length: count }, (_, n) => make(n));

      test("the last credit is wanted by 1,000 and had by one", async () => {
        const person = somebody();
        await give(person, 1);
        const heard = await Promise.all(times(1_000, (n) => ask(n, person, spend(1))));
        expect(heard.filter(({ is }) => is === "done")).toHaveLength(1);
        expect(
          heard.filter((each) => each.is === "refused" && each.refusal.code === "INSUFFICIENT_CREDITS"),
        ).toHaveLength(999);
        expect(await notebook.judge(books)).toEqual([]);
      });

      test("one key that is sent 200 times at once is done once, and told to everybody", async () => {
        const person = somebody();
        await give(person, 1_000);
        const once = { key: "once", request: spend(7) };
        const heard = await Promise.all(times(200, (n) => ask(n, person, once)));
        expect(new Set(heard.map((each) => each.is === "done" && each.entryId)).size).toBe(1);
        expect(heard.filter((each) => each.is === "done" && !each.replayed)).toHaveLength(1);
        expect(await notebook.judge(books)).toEqual([]);
      });

      test("a hold that is captured, released, extended and runs out at the same time ends once", async () => {
        const some = times(30, somebody);
        await Promise.all(some.map((person) => give(person, 10)));
        const placed = await Promise.all(
          some.map((person, n) =>
            ask(n, person, { kind: "hold", amount: 4, action: "video", by: "user", ttlSeconds: 1 }),
          ),
        );
        const holds = placed.map((each) => (each.is === "done" ? String(each.entry.subject) : ""));
        await Promise.all(
          some.flatMap((person, n) =>
            times(8, async (at) => {
              const about = { hold: holds[n] as string, by: "user" } as const;
              await new Promise((resolve) => setTimeout(resolve, 700 + at * 60 + (n % 5) * 10));
              if (at % 4 === 0) return ask(at, person, { kind: "capture", ...about, amount: n % 2 === 0 ? null : 3 });
              if (at % 4 === 1 && n % 3 === 0) return ask(at, person, { kind: "release", ...about });
              if (at % 4 === 2 && n % 3 === 1) return ask(at, person, { kind: "extend", ...about, ttlSeconds: 1 });
              return ask(at, person, { kind: "capture", ...about, amount: 2 });
            }),
          ),
        );
        expect(await notebook.judge(books)).toEqual([]);
      });

      test("refunds that race each other never give back more than was charged", async () => {
        const some = times(5, somebody);
        await Promise.all(some.map((person) => give(person, 60)));
        const charged = await Promise.all(some.map((person, n) => ask(n, person, spend(50))));
        await Promise.all(
          some.flatMap((person, n) =>
            times(60, (at) => {
              const { entryId: charge } = charged[n] as { entryId: string };
              return ask(at, person, { kind: "refund", charge, amount: at === 59 ? null : 1 + (at % 3) });
            }),
          ),
        );
        const refunds = (await books.read("user:")).journal.filter(({ kind }) => kind === "refund");
        expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(250);
        expect(await notebook.judge(books)).toEqual([]);
      });

      test("hundreds of accounts at once, and the total is right whenever somebody looks", async () => {
        const random = randomFrom(1);
        const crowd = new Crowd({
          notebook,
          people: people.slice(0, 250),
          admin,
          random,
          url: () => random.of(replicas).url,
        });
        await crowd.fund(100);
        crowd.start();
        const end = Date.now() + 6_000;
        for (let looks = 0; looks < 6 || Date.now() < end; looks += 1) {
          const rows = await books.read("user:");
          expect(inAll(rows)).toBe(moved(rows));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        await crowd.stop();
        expect(await notebook.judge(books)).toEqual([]);
        expect(await jifenAudit(database.url)).toEqual([]);
      });
    });
  },
);
