import { useSyncExternalStore } from "react";
import { connection } from "../connection.ts";
import { uiWords } from "../words/ui.ts";
import { formatTime } from "./format.ts";

/** Says since when the server cannot be reached. It leaves by itself when a call has been answered. */
export function ConnectionBar() {
  const words = uiWords.useWords();
  const lostAt = useSyncExternalStore(connection.subscribe, connection.lostAt);
  return (
    <div role="status">
      {lostAt !== undefined && (
        <p className="border-b border-warn/40 bg-warn-soft px-4 py-1.5 text-warn">
          {words.offline(formatTime(lostAt))}
        </p>
      )}
    </div>
  );
}
