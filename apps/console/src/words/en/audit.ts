import type { words as zh } from "../zh/audit.ts";

export const words: typeof zh = {
  title: "Audit log",
  filters: "Filter the audit log",
  actor: "Actor",
  action: "Action",
  subject: "Subject",
  from: "From",
  to: "To (included)",
  time: "Time",
  reason: "Reason",
  details: "Details",
  requestId: "Request id",
  table: "Audit log",
  empty: "There are no events yet. What staff and the system do appears here.",
  actorHint: "Actor, such as user:admin@example.com",
  actionHint: "Action, such as users.suspend",
  subjectHint: "Subject, such as user:me@example.com",
};
