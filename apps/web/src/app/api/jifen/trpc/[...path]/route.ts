import { createJifenHandler } from "@jifen/client/server";
import { readToken } from "../../../../../lib/session.ts";
import { jifenApiUrl, jifenSiteKey } from "../../../../../lib/settings.ts";
import { visitorAddress } from "../../../../../lib/visitor-address.ts";

/** The endpoint of the hooks in the browser: forwards calls to the API. It allows no charge: server actions decide prices. */
const handle = (request: Request): Promise<Response> =>
  createJifenHandler({
    url: jifenApiUrl(),
    identify: async () => {
      const token = await readToken();
      return token === undefined ? null : { token };
    },
    clientAddress: visitorAddress,
    siteKey: jifenSiteKey(),
  })(request);

export { handle as GET, handle as POST };
