import {
  ChartColumn,
  CirclePlus,
  Coins,
  FileText,
  KeyRound,
  type LucideIcon,
  ReceiptText,
  ScrollText,
  Ticket,
  UserRoundCog,
} from "lucide-react";
import type { NavigationPlace } from "../ui/place-link.tsx";

type AccountPlace = {
  readonly name: keyof typeof import("../words/zh/account.ts").words.places;
  readonly to: NavigationPlace["to"];
  readonly icon: LucideIcon;
};

/** The places of the account pages. The first four stand in the bar of a phone. */
export const places: readonly AccountPlace[] = [
  { name: "home", to: "/account", icon: Coins },
  { name: "history", to: "/account/history", icon: ScrollText },
  { name: "topUp", to: "/account/topup", icon: CirclePlus },
  { name: "usage", to: "/account/usage", icon: ChartColumn },
  { name: "redeem", to: "/account/redeem", icon: Ticket },
  { name: "orders", to: "/account/orders", icon: ReceiptText },
  { name: "statements", to: "/account/statements", icon: FileText },
  { name: "keys", to: "/account/keys", icon: KeyRound },
  { name: "security", to: "/account/security", icon: UserRoundCog },
];
