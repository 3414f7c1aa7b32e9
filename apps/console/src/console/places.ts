import type { LinkProps } from "@tanstack/react-router";
import {
  ChartColumn,
  CircleAlert,
  Hourglass,
  KeyRound,
  type LucideIcon,
  Receipt,
  ScrollText,
  ShieldCheck,
  Tag,
  Ticket,
  Users,
  Webhook,
  Wrench,
} from "lucide-react";
import type { Role } from "../session.ts";

/** A place of the console that the navigation leads to. */
export type Place = {
  readonly name: keyof typeof import("../words/zh/shell.ts").words.places;
  readonly to: NonNullable<LinkProps["to"]>;
  readonly icon: LucideIcon;
  readonly roles: readonly Role[];
  /** The letter that leads here after `g`. */
  readonly letter: string;
};

const staff: readonly Role[] = ["support", "finance", "admin"];
const finance: readonly Role[] = ["finance", "admin"];

/** The places, in the order of the navigation. The first four stand in the bar of a phone. */
export const places: readonly Place[] = [
  { name: "overview", to: "/console", icon: ChartColumn, roles: staff, letter: "o" },
  { name: "users", to: "/console/users", icon: Users, roles: staff, letter: "u" },
  { name: "logs", to: "/console/logs", icon: ScrollText, roles: staff, letter: "l" },
  { name: "orders", to: "/console/orders", icon: Receipt, roles: staff, letter: "r" },
  { name: "reviews", to: "/console/reviews", icon: CircleAlert, roles: finance, letter: "v" },
  { name: "prices", to: "/console/prices", icon: Tag, roles: finance, letter: "p" },
  { name: "codes", to: "/console/codes", icon: Ticket, roles: finance, letter: "c" },
  { name: "holds", to: "/console/holds", icon: Hourglass, roles: staff, letter: "h" },
  { name: "keys", to: "/console/keys", icon: KeyRound, roles: ["admin"], letter: "k" },
  { name: "webhooks", to: "/console/webhooks", icon: Webhook, roles: ["admin"], letter: "w" },
  { name: "audit", to: "/console/audit", icon: ShieldCheck, roles: ["admin"], letter: "a" },
  { name: "system", to: "/console/system", icon: Wrench, roles: ["admin"], letter: "s" },
];
