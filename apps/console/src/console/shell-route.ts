import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../root-route.ts";
import { shellWords } from "../words/shell.ts";
import { uiWords } from "../words/ui.ts";

/** The frame around all pages of the console. */
export const shell = createRoute({
  getParentRoute: () => rootRoute,
  path: "console",
  component: lazyRouteComponent(() => import("./shell.tsx"), "Shell"),
  loader: () => Promise.all([uiWords.load(), shellWords.load()]),
});
