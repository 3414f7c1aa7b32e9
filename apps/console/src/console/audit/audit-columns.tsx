import type { JifenOutputs } from "@jifen/client";
import type { Column } from "../../ui/data-table.tsx";
import { Time } from "../../ui/figures.tsx";
import { Actor } from "../actor.tsx";
import { EventDetails } from "./event-details.tsx";
import type { auditWords } from "./words.ts";

/** An event of the audit log. */
export type AuditEvent = JifenOutputs["auditLog"]["list"]["items"][number];

/** The columns of a list of events. */
export const auditColumns = (words: ReturnType<typeof auditWords.useWords>): readonly Column<AuditEvent>[] => [
  { title: words.time, isWide: true, cell: ({ at }) => <Time at={at} /> },
  {
    title: words.action,
    cell: ({ action, at }) => (
      <>
        <span className="font-mono text-[0.92em]">{action}</span>
        <span className="block text-muted md:hidden">
          <Time at={at} />
        </span>
      </>
    ),
  },
  { title: words.actor, cell: ({ actor }) => <Actor actor={actor} /> },
  { title: words.subject, cell: ({ subject }) => <Actor actor={subject} /> },
  { title: words.reason, isWide: true, cell: ({ reason }) => reason ?? "–" },
  { title: words.details, isWide: true, cell: (event) => <EventDetails event={event} /> },
];
