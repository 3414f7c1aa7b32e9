import { accountRoutes } from "./account/routes.ts";
import { consoleRoutes } from "./console/routes.ts";
import { rootRoute } from "./root-route.ts";

/** All pages. */
export const routeTree = rootRoute.addChildren([consoleRoutes, accountRoutes]);
