import type { HoldId } from "@jifen/core";
import type { Entry } from "../entry.ts";
import type { Hold } from "../hold.ts";
import type { Note } from "./difference.ts";

type Story = {
  readonly amount: number;
  readonly allocations: string;
  captured: number;
  freed: number;
  expiresAtMs: number | null;
};

/** Recomputes what became of each hold from the lines about it. */
export class HoldsAudit {
  readonly #note: Note;
  readonly #stories = new Map<HoldId, Story>();

  constructor(note: Note) {
    this.#note = note;
  }

  add(line: Entry): void {
    const id = line.referenceId as HoldId;
    if (line.kind === "hold") {
      const { amount, expiresAtMs } = line;
      this.#stories.set(id, {
        amount,
        expiresAtMs,
        allocations: JSON.stringify(line.allocations),
        captured: 0,
        freed: 0,
      });
    }
    const story = this.#stories.get(id);
    if (line.kind === "extend" && story) story.expiresAtMs = line.expiresAtMs;
    if (line.kind !== "capture" && line.kind !== "release") return;
    if (!story) {
      this.#note("HOLD_DIFFERS", id, { expected: "a line that placed it", found: null });
      return;
    }
    if (line.kind === "capture") story.captured += line.amount;
    else story.freed += line.amount;
    const left = story.captured + story.freed;
    if (left > story.amount) this.#note("HOLD_RESOLVED_TWICE", id, { expected: story.amount, found: left });
  }

  /** Compares with the rows. */
  finish(holds: readonly Hold[]): void {
    const rows = new Map(holds.map((hold) => [hold.id, hold]));
    for (const id of new Set([...rows.keys(), ...this.#stories.keys()])) {
      const [expected, found] = [told(this.#stories.get(id)), shown(rows.get(id))];
      if (expected !== found) this.#note("HOLD_DIFFERS", id, { expected, found });
    }
  }
}

/** One sentence for what the journal says, the same as for what the row says when both agree. */
function told(story: Story | undefined): string | null {
  if (!story) return null;
  const { amount, captured, freed, allocations, expiresAtMs } = story;
  const isOver = captured + freed > 0;
  return `${amount} of ${allocations} until ${expiresAtMs}, ${isOver ? `captured ${captured}, freed ${freed}` : "pending"}`;
}

function shown(hold: Hold | undefined): string | null {
  if (!hold) return null;
  const { amount, captured, released, expired, state, expiresAtMs } = hold;
  const end = state === "pending" ? "pending" : `captured ${captured}, freed ${released + expired}`;
  return `${amount} of ${JSON.stringify(hold.allocations)} until ${expiresAtMs}, ${end}`;
}
