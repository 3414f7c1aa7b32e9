import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { keysWords } from "../keys/words.ts";
import { codesWords } from "./codes/words.ts";
import { orderSearch } from "./orders/order-search.ts";
import { ordersWords } from "./orders/words.ts";
import { draftSearch, priceSearch } from "./prices/price-search.ts";
import { pricesWords } from "./prices/words.ts";
import { reviewSearch } from "./reviews/review-search.ts";
import { reviewsWords } from "./reviews/words.ts";
import { shell } from "./shell-route.ts";
import { usersWords } from "./users/words.ts";
import { webhooksWords } from "./webhooks/words.ts";

const orders = createRoute({
  getParentRoute: () => shell,
  path: "orders",
  validateSearch: orderSearch,
  component: lazyRouteComponent(() => import("./orders/orders-page.tsx"), "OrdersPage"),
  loader: ordersWords.load,
});

const order = createRoute({
  getParentRoute: () => shell,
  path: "orders/$orderId",
  component: lazyRouteComponent(() => import("./orders/order-page.tsx"), "OrderPage"),
  loader: () => Promise.all([ordersWords.load(), usersWords.load()]),
});

const reviews = createRoute({
  getParentRoute: () => shell,
  path: "reviews",
  staticData: { roles: ["finance", "admin"] },
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import("./reviews/reviews-page.tsx"), "ReviewsPage"),
  loader: () => Promise.all([reviewsWords.load(), ordersWords.load(), usersWords.load()]),
});

const prices = createRoute({
  getParentRoute: () => shell,
  path: "prices",
  staticData: { roles: ["finance", "admin"] },
  validateSearch: priceSearch,
  component: lazyRouteComponent(() => import("./prices/prices-page.tsx"), "PricesPage"),
  loader: () => Promise.all([pricesWords.load(), usersWords.load()]),
});

const newCatalogue = createRoute({
  getParentRoute: () => shell,
  path: "prices/new",
  staticData: { roles: ["admin"] },
  validateSearch: draftSearch,
  component: lazyRouteComponent(() => import("./prices/edit/new-catalogue-page.tsx"), "NewCataloguePage"),
  loader: pricesWords.load,
});

const codes = createRoute({
  getParentRoute: () => shell,
  path: "codes",
  staticData: { roles: ["finance", "admin"] },
  component: lazyRouteComponent(() => import("./codes/codes-page.tsx"), "CodesPage"),
  loader: () => Promise.all([codesWords.load(), usersWords.load()]),
});

const newCodes = createRoute({
  getParentRoute: () => shell,
  path: "codes/new",
  staticData: { roles: ["finance", "admin"] },
  component: lazyRouteComponent(() => import("./codes/new-codes-page.tsx"), "NewCodesPage"),
  loader: () => Promise.all([codesWords.load(), usersWords.load()]),
});

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: "webhooks",
  staticData: { roles: ["admin"] },
  component: lazyRouteComponent(() => import("./webhooks/webhooks-page.tsx"), "WebhooksPage"),
  loader: () => Promise.all([webhooksWords.load(), keysWords.load()]),
});

const endpoint = createRoute({
  getParentRoute: () => shell,
  path: "webhooks/$endpointId",
  staticData: { roles: ["admin"] },
  component: lazyRouteComponent(() => import("./webhooks/endpoint-page.tsx"), "EndpointPage"),
  loader: () => Promise.all([webhooksWords.load(), keysWords.load()]),
});

/** The pages about money and prices, and the events that are sent to other servers. */
export const billingRoutes = [
  ...([orders, order, reviews, prices, newCatalogue] as const),
  ...([codes, newCodes, webhooks, endpoint] as const),
] as const;
