import { ok } from "@jifen/core";
import { decideBatch, readSetOf } from "./batch.ts";
import type { CommandOutcome } from "./batch-state.ts";
import type { Command } from "./commands/decide.ts";
import { perShard, queueShardOf, type Shards } from "./shards.ts";
import { CircuitOpen, isInfrastructureError, type LedgerStore, OutcomeUnknown, Overloaded } from "./store.ts";

/** The maximum number of commands in one transaction. */
const MAX_BATCH = 1_024;
/** The maximum number of commands that wait in one shard queue; further commands reject with Overloaded. */
export const MAX_WAITING = 8_192;
/** The delays before each retry of a batch whose COMMIT was not answered. */
const LOOKUP_WAITS_MS = [10, 100, 1_000];

/** The dependencies of the group commit. */
export type GroupCommitDeps = {
  readonly store: LedgerStore;
  readonly shards: Shards;
  /** Resolves after `ms`; with 0, after the pending input of the event loop was handled. */
  readonly wait: (ms: number) => Promise<void>;
};

/** Commits commands in shared transactions. */
export type GroupCommit = {
  /**
   * Runs one command. Rejects with Overloaded or DatabaseUnavailable (no effect), OutcomeUnknown (zero or one effect;
   * a retry with the same key returns the definite outcome), ExtraWriteConflict (no effect), or another error that the
   * store threw for this command alone.
   */
  run(command: Command): Promise<CommandOutcome>;
};

type Waiting = {
  readonly command: Command;
  readonly resolve: (outcome: CommandOutcome) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit: commands that arrive while a batch is committed form the next batch. There are no timers: a single
 * command is committed immediately, and under load many commands share one COMMIT.
 */
export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const queueOf = perShard(queueShardOf(deps.shards), () => new ShardQueue(deps));
  return {
    run: (command) => {
      const queue = queueOf(command.accountId);
      return queue instanceof ShardQueue ? queue.run(command) : queue.then((found) => found.run(command));
    },
  };
}

/** One shared error: under overload, a stack trace per rejected command would cost more than the committed work. */
const overloaded = new Overloaded("too many commands are waiting");

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
      // Requests that have already arrived join the batch, and a driver that never yields cannot starve the event loop.
      await this.#deps.wait(0);
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      await this.#commit(batch);
    }
    this.#isRunning = false;
  }

  /** Commits a batch and settles its promises. A batch that fails because of one command is split until that command is alone. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#commitOrRetry(batch.map(({ command }) => command));
      for (const [at, waiting] of batch.entries()) this.#settle(waiting, outcomes[at] as CommandOutcome);
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

  /** A refusal that came before all expired holds were released goes to the end of the queue: others are not held up. */
  #settle(waiting: Waiting, outcome: CommandOutcome): void {
    if (outcome.isEarly) this.#waiting.push(waiting);
    else waiting.resolve(outcome);
  }

  /**
   * When COMMIT was not answered, the same batch is sent again. If the first attempt took effect, its entries are found
   * under their keys. If it did not, it can no longer do so, because its accounts are locked or have changed. A failure
   * of a later attempt says nothing about the first one: the outcome stays unknown.
   */
  async #commitOrRetry(commands: readonly Command[]): Promise<readonly CommandOutcome[]> {
    const attempt = (which: "first" | "later") =>
      this.#deps.store.commit(readSetOf(commands, which), (snapshot) => decideBatch(commands, snapshot));
    try {
      return await attempt("first");
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      for (const ms of LOOKUP_WAITS_MS) {
        await this.#deps.wait(ms);
        const outcomes = await attempt("later").catch((later: unknown) => later);
        if (Array.isArray(outcomes)) return outcomes.map((outcome, at) => asFirstAttempt(outcome, commands[at]));
        if (outcomes instanceof CircuitOpen) break;
      }
      throw error;
    }
  }
}

/** Adds the id that the command's transaction has if it took effect. */
const withTransactionId = ({ transactionId }: Command, error: unknown): unknown =>
  error instanceof OutcomeUnknown ? new OutcomeUnknown(error.message, { cause: error.cause, transactionId }) : error;

/** A command that finds its own transaction id is no replay: its first attempt, which was not answered, took effect. */
function asFirstAttempt(outcome: CommandOutcome, command: Command | undefined): CommandOutcome {
  if (!outcome.ok || outcome.value.entry.id !== command?.transactionId) return outcome;
  return ok({ ...outcome.value, replayed: false });
}
