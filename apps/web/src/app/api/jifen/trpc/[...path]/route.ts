import { forward } from "../../../../../lib/forwarding.ts";
import { readToken } from "../../../../../lib/session.ts";
import { jifenApiUrl } from "../../../../../lib/settings.ts";

type Route = { readonly params: Promise<{ path: string[] }> };

/** What the browser's Jifen client talks to: the API, seen through this site. */
async function handle(request: Request, { params }: Route): Promise<Response> {
  const { path } = await params;
  return forward(request, { path, apiUrl: jifenApiUrl(), token: await readToken() });
}

export { handle as GET, handle as POST };
