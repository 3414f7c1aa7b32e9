import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const index = join(import.meta.dirname, "../src/index.ts");
const epay = `{ url: "http://127.0.0.1:9", pid: "1", key: "k", types: ["alipay"], mode: "redirect", isConfirmed: true, canRefund: false }`;
const stripe = `{ secretKey: "sk_test_x", webhookSecrets: ["whsec_x"], currencies: ["USD"], hasTax: false, hasInvoices: false }`;

/** The channels that a fresh process opens, and the packages that it has loaded afterwards. */
async function openIn(configs: string): Promise<{ channels: string[]; loaded: string[] }> {
  const program = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({ load: (url, context, next) => {
      const name = /node_modules\\/(?:\\.pnpm\\/)?([a-z-]+)@?/.exec(url)?.[1];
      if (name) loaded.add(name);
      return next(url, context);
    } });
    const { openGateways } = await import(${JSON.stringify(index)});
    const channels = [...(await openGateways(${configs})).keys()];
    console.log(JSON.stringify({ channels, loaded: [...loaded] }));`;
  const flags = ["--conditions=@jifen/source", "--input-type=module", "--eval", program];
  const { stdout } = await run(process.execPath, flags);
  return JSON.parse(stdout) as { channels: string[]; loaded: string[] };
}

test("openGateways loads no SDK when no channel is configured", async () => {
  expect(await openIn("{}")).toEqual({ channels: [], loaded: [] });
});

test("openGateways loads only the SDKs of the channels that are configured", async () => {
  expect(await openIn(`{ epay: ${epay} }`)).toEqual({ channels: ["epay"], loaded: [] });
  const opened = await openIn(`{ stripe: ${stripe}, epay: ${epay} }`);
  expect(opened).toEqual({ channels: ["stripe", "epay"], loaded: ["stripe"] });
});
