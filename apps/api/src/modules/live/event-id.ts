import { bilingual, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";

type BadEventId = Refusal<"VALIDATION_FAILED">;

const badEventId = refuse<BadEventId>({
  code: "VALIDATION_FAILED",
  issues: [
    {
      path: "lastEventId",
      message: bilingual({
        zh: "必须原样传回收到的最后一个事件的 id",
        en: "must be the unchanged id of the last event that was received",
      }),
    },
  ],
});

/** The id of an event: a time. Whatever arrived before it has been sent. */
export const eventId = {
  write: (timeMs: number): string => `live-${timeMs.toString(36)}`,
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (text: string): Outcome<number, BadEventId> => {
    const digits = /^live-(?<digits>[1-9a-z][0-9a-z]{6,8})$/.exec(text)?.groups?.["digits"];
    return digits === undefined ? badEventId : ok(Number.parseInt(digits, 36));
  },
};
