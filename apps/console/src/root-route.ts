import { createRootRoute } from "@tanstack/react-router";

/** The root of all pages. */
export const rootRoute = createRootRoute();
