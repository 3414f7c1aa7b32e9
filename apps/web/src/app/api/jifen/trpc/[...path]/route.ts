import { forward } from "../../../../../lib/forwarding.ts";
import { readToken } from "../../../../../lib/session.ts";
import { jifenApiUrl } from "../../../../../lib/settings.ts";

type Route = { readonly params: Promise<{ path: string[] }> };

/** The endpoint of the Jifen client in the browser: forwards calls to the API. */
async function handle(request: Request, { params }: Route): Promise<Response> {
  const { path } = await params;
  return forward(request, { path, apiUrl: jifenApiUrl(), token: await readToken() });
}

export { handle as GET, handle as POST };
