import type { LedgerStore, WriteSet } from "@jifen/ledger";

/** The same ledger store, which reports what it has committed. A write whose outcome is unknown is not reported. */
export const observeCommits = (store: LedgerStore, onCommit: (writeSet: WriteSet) => void): LedgerStore => ({
  ...store,
  commit: async (readSet, decide) => {
    // The decision itself is the result, so that what is reported is that of the attempt that was committed.
    const { writeSet, result } = await store.commit(readSet, (snapshot) => {
      const decision = decide(snapshot);
      return { writeSet: decision.writeSet, result: decision };
    });
    onCommit(writeSet);
    return result;
  },
});
