import { type AccountId, type GrantSource, grantSources, type HoldId, type TransactionId } from "@jifen/core";
import type { Command, Ledger, LedgerStore } from "@jifen/ledger";
import type { Database } from "../src/index.ts";
import { capturing, consuming, done, granting, holding, perform, refunding, releasing } from "./commands.ts";
import { ledgerOn } from "./ledger-on.ts";

/** A store whose clock shows what `nowMs` says. All times have to be in the past of the database's own clock. */
const withClock = (store: LedgerStore, nowMs: () => number): LedgerStore => ({
  ...store,
  commit: (readSet, decide) => store.commit(readSet, (snapshot) => decide({ ...snapshot, nowMs: nowMs() })),
});

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DAY_MS = 86_400_000;

/** An account to which something happens at given times: all that can happen to credits, at random. */
export class RandomSpending {
  readonly #account: AccountId;
  readonly #store: LedgerStore;
  readonly #ledger: Ledger;
  readonly #random: () => number;
  readonly #charges: TransactionId[] = [];
  readonly #holds: HoldId[] = [];
  #nowMs = 0;

  constructor(database: Database, account: AccountId, random: () => number) {
    this.#account = account;
    this.#random = random;
    this.#store = withClock(database.ledger, () => this.#nowMs);
    this.#ledger = ledgerOn({ ...database, ledger: this.#store });
  }

  /** Books what has expired by then, as a read of the balance does. */
  async bringUpToDate(nowMs: number): Promise<void> {
    this.#nowMs = nowMs;
    const { failures } = await this.#ledger.processExpirations([this.#account]);
    if (failures.size > 0) throw failures.values().next().value;
  }

  /** Runs one command of a random kind. The ledger refuses some of them. */
  async next(nowMs: number): Promise<void> {
    this.#nowMs = nowMs;
    const command = this.#command();
    if (!command) return;
    const outcome = await perform(this.#store, command);
    if (!outcome.ok) return;
    const { entry } = done(outcome);
    if (entry.kind === "consume" || entry.kind === "capture") this.#charges.push(entry.id);
    if (command.kind === "hold") this.#holds.push(command.holdId);
  }

  #command(): Command | undefined {
    const amount = this.#upTo(40) + 1;
    const hold = this.#anyOf(this.#holds);
    const charge = this.#anyOf(this.#charges);
    switch (this.#upTo(9)) {
      case 0:
      case 1:
        return this.#grant(amount * 3);
      case 2:
        return hold && capturing(this.#account, hold, amount % 7 || 1);
      case 3:
        return hold && releasing(this.#account, hold);
      case 4:
        return charge && refunding(this.#account, charge, amount % 5 || 1);
      case 5:
        return {
          ...granting(this.#account, amount),
          kind: "revoke",
          amount: amount as never,
          reason: `reason ${amount}`,
          ...{ grantId: null, atMost: amount % 2 === 0 },
        };
      case 6:
        return { ...holding(this.#account, amount), action: this.#action(), ttlSeconds: 3_600 * (this.#upTo(300) + 1) };
      default:
        return { ...consuming(this.#account, amount), action: this.#action() };
    }
  }

  #grant(amount: number): Command {
    const days = this.#upTo(60) + 1;
    const expiresAtMs = this.#upTo(3) === 0 ? null : this.#nowMs + days * DAY_MS;
    return { ...granting(this.#account, amount), source: this.#anyOf(grantSources) as GrantSource, expiresAtMs };
  }

  #action = () => `action ${this.#upTo(5)} 视频`;
  #upTo = (count: number) => Math.floor(this.#random() * count);
  #anyOf = <Item>(items: readonly Item[]): Item | undefined => items[this.#upTo(items.length)];
}
