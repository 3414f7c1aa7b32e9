import { type AccountId, ok } from "@jifen/core";
import { decideBatch, readSetOf } from "./batch.ts";
import type { CommandOutcome } from "./batch-state.ts";
import type { Command } from "./commands/decide.ts";
import { CircuitOpen, isInfrastructureError, type LedgerStore, OutcomeUnknown, Overloaded } from "./store.ts";

/** The most commands that share one transaction. */
const MAX_BATCH = 1_024;
/** The most commands that wait in one lane; whoever comes then is turned away before anything is done. */
export const MAX_WAITING = 8_192;
/** How often the fate of a batch is looked up when its COMMIT was not answered, and the waits in between. */
const LOOKUP_WAITS_MS = [10, 100, 1_000];

/** What the group commit is built from. */
export type GroupCommitDeps = {
  readonly store: LedgerStore;
  /** How many batches may be committed at once, 1 to 16. One account is always in the same lane. */
  readonly shards: number;
  /** Resolves after `ms`; after 0, when what has already arrived has been heard. */
  readonly wait: (ms: number) => Promise<void>;
};

/** Runs commands together. */
export type GroupCommit = {
  /**
   * Runs one command. Rejects with Overloaded or DatabaseUnavailable (nothing was done), OutcomeUnknown (zero or one
   * effect; a retry with the same key settles it), or what the store threw for this command alone.
   */
  run(command: Command): Promise<CommandOutcome>;
};

type Waiting = {
  readonly command: Command;
  readonly resolve: (answer: CommandOutcome) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Collects commands while a batch is being committed, then commits what has come together in one transaction.
 * There are no timers: a lone command waits for nobody, and the more there are, the more share one COMMIT.
 */
export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const lanes = Array.from({ length: deps.shards }, () => new ShardQueue(deps));
  return {
    run: (command) => (lanes[shardOf(command.accountId, lanes.length)] as ShardQueue).run(command),
  };
}

/** One for all: where most are turned away, a stack trace for each would cost more than the work that is done. */
const overloaded = new Overloaded("too many commands are waiting");

/** FNV-1a: an account is always in the same lane, so that no two batches of one process want the same row. */
function shardOf(accountId: AccountId, lanes: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < accountId.length; at += 1) hash = Math.imul(hash ^ accountId.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % lanes;
}

class ShardQueue {
  readonly #deps: GroupCommitDeps;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(deps: GroupCommitDeps) {
    this.#deps = deps;
  }

  run(command: Command): Promise<CommandOutcome> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(overloaded);
    const { promise, resolve, reject } = Promise.withResolvers<CommandOutcome>();
    this.#waiting.push({ command, resolve, reject });
    if (!this.#isRunning) void this.#drain();
    return promise;
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // Requests of the same moment join, and a driver that never yields cannot starve the rest of the process.
      await this.#deps.wait(0);
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      await this.#commit(batch);
    }
    this.#isRunning = false;
  }

  /** Commits a batch and answers everyone in it. A batch that fails for one row's sake is split until that one stands alone. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#settle(batch.map(({ command }) => command));
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at] as CommandOutcome);
    } catch (error) {
      if (batch.length === 1 || isInfrastructureError(error)) {
        for (const { command, reject } of batch) reject(withTransactionId(command, error));
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#commit(batch.slice(0, middle));
      await this.#commit(batch.slice(middle));
    }
  }

  /**
   * When COMMIT was not answered, the same batch is sent again: what was done is found under its keys, and what the
   * first attempt has not done by then it can no longer do, because its accounts are locked or have moved on.
   * Once unknown, no failure of a later attempt says anything about the first: it stays unknown.
   */
  async #settle(commands: readonly Command[]): Promise<readonly CommandOutcome[]> {
    const attempt = (which: "first" | "later") =>
      this.#deps.store.commit(readSetOf(commands, which), (snapshot) => decideBatch(commands, snapshot));
    try {
      return await attempt("first");
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      for (const ms of LOOKUP_WAITS_MS) {
        await this.#deps.wait(ms);
        const answers = await attempt("later").catch((later: unknown) => later);
        if (Array.isArray(answers)) return answers.map((answer, at) => asFirstAttempt(answer, commands[at]));
        if (answers instanceof CircuitOpen) break;
      }
      throw error;
    }
  }
}

/** Each command is told the id that its own transaction has if it is there. */
const withTransactionId = ({ transactionId }: Command, error: unknown): unknown =>
  error instanceof OutcomeUnknown ? new OutcomeUnknown(error.message, { cause: error.cause, transactionId }) : error;

/** A command that finds its own transaction was not done before: it was done by the attempt that nobody answered. */
function asFirstAttempt(answer: CommandOutcome, command: Command | undefined): CommandOutcome {
  if (!answer.ok || answer.value.entry.id !== command?.transactionId) return answer;
  return ok({ ...answer.value, replayed: false });
}
