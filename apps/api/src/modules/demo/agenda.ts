/** What happens at a time of the past. */
type Act = () => Promise<unknown>;

/** What is still to happen, in the order of time. */
export type Agenda = {
  /** Adds an act, also while the agenda runs. Of one time, the act that was added first happens first. */
  add(atMs: number, act: Act): void;
  /**
   * Lets everything happen up to a time, each act at its own; what comes later is dropped.
   * @returns false when `mayContinue` said no before an act, which does not happen then
   */
  run(untilMs: number, mayContinue: () => Promise<boolean>): Promise<boolean>;
};

/** Creates an agenda. @param moveTo sets the clock, which never goes back */
export function createAgenda(moveTo: (atMs: number) => void): Agenda {
  const waiting: { readonly atMs: number; readonly act: Act }[] = [];
  return {
    add: (atMs, act) => {
      const after = waiting.findLastIndex((each) => each.atMs <= atMs);
      waiting.splice(after + 1, 0, { atMs, act });
    },
    run: async (untilMs, mayContinue) => {
      for (let next = waiting.shift(); next && next.atMs <= untilMs; next = waiting.shift()) {
        if (!(await mayContinue())) return false;
        moveTo(next.atMs);
        await next.act();
      }
      moveTo(untilMs);
      return true;
    },
  };
}
