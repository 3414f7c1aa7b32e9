import { QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { Suspense } from "react";
import { basePath } from "./base.ts";
import { queryClient } from "./query-client.ts";
import { routeTree } from "./routes.ts";
import { Crashed } from "./ui/crashed.tsx";
import { NotFound } from "./ui/not-found.tsx";

const router = createRouter({
  routeTree,
  basepath: basePath,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Crashed,
});

declare module "@tanstack/react-router" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: the router asks for an interface to be extended
  interface Register {
    router: typeof router;
  }
}

/** The console and the account pages. */
export const App = () => (
  <QueryClientProvider client={queryClient}>
    <Suspense>
      <RouterProvider router={router} />
    </Suspense>
  </QueryClientProvider>
);
