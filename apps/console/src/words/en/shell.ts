import type { words as zh } from "../zh/shell.ts";

export const words: typeof zh = {
  places: {
    overview: "Overview",
    users: "Users",
    holds: "Holds",
    logs: "Call log",
    orders: "Orders",
    reviews: "Payments to review",
    prices: "Prices and packs",
    codes: "Codes",
    keys: "Service keys",
    webhooks: "Webhooks",
    audit: "Audit log",
    system: "System",
  },
  account: "My credits",
  search: "Search",
  searchHint: "Start of an e-mail address, or the id of a transaction, hold, grant, log, order or key",
  nothingFound: "Nothing was found",
  kinds: {
    user: "User",
    transaction: "Transaction",
    hold: "Hold",
    grant: "Grant",
    log: "Log",
    order: "Order",
    key: "Key",
  },
  shortcuts: "Keyboard shortcuts",
  shortcutList: [
    ["Ctrl K / ⌘K", "Search by id or e-mail address"],
    ["/", "Move to the search field"],
    [
      "g + letter",
      "Go to a page: o overview, u users, l log, r orders, v reviews, p prices, c codes, w webhooks, k keys, a audit, s system",
    ],
    ["j / k", "Next row / previous row"],
    ["Enter", "Open the row"],
    ["Esc", "Close the dialog"],
    ["?", "Show this list"],
  ],
};
