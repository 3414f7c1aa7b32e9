/** How a server charges a user, in three languages. The user exists, so that the first attempt succeeds. */
export const snippets = {
  curl: (url: string, userId: string) => `curl ${url}/credits/consume \\
  -H "Authorization: Bearer $JIFEN_KEY" -H "X-User-Id: ${userId}" \\
  -H "Content-Type: application/json" -H "Idempotency-Key: job-1" \\
  -d '{"amount": 5, "action": "video_generation"}'`,
  TypeScript: (url: string, userId: string) => `// npm install ${url}/client.tgz
import { createJifenClient } from "@jifen/client";

const jifen = createJifenClient({ url: "${url}", token: process.env.JIFEN_KEY, userId: "${userId}" });
await jifen.credits.consume.mutate({ amount: 5, action: "video_generation", idempotencyKey: "job-1" });`,
  Python: (url: string, userId: string) => `import os, requests

requests.post(
    "${url}/credits/consume",
    headers={
        "Authorization": f"Bearer {os.environ['JIFEN_KEY']}",
        "X-User-Id": "${userId}",
        "Idempotency-Key": "job-1",
    },
    json={"amount": 5, "action": "video_generation"},
).raise_for_status()`,
} as const;
