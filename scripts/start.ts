/** Runs the built server, forwards its log, and prints the next steps when the server is ready. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

if (existsSync(".env")) process.loadEnvFile();

const server = spawn(process.execPath, ["apps/api/dist/main.js", ...process.argv.slice(2)], {
  stdio: ["ignore", "pipe", "inherit"],
});

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

for await (const line of createInterface({ input: server.stdout })) {
  process.stdout.write(`${line}\n`);
  const ready = readReady(line);
  if (ready) process.stdout.write(guide(ready));
}

type Ready = { readonly url: string; readonly hasUsers: boolean };

function readReady(line: string): Ready | undefined {
  return line.includes('"msg":"ready"') ? (JSON.parse(line) as Ready) : undefined;
}

/** The first user of the whitelist, or the one that the guide proposes to create. */
function exampleUser(): { email: string; password: string } {
  const [email, password] = (process.env["USER_WHITELIST"] ?? "").split(",")[0]?.split(":") ?? [];
  return email && password ? { email, password: "…" } : { email: "me@example.com", password: "choose-a-password" };
}

function guide({ url, hasUsers }: Ready): string {
  const { email, password } = exampleUser();
  const createFirstUser = `
  Create the first user (stop the server with Ctrl+C first)  创建第一个用户（先按 Ctrl+C 停止）:
    USER_WHITELIST='${email}:${password}' npm start
`;
  return `
  Jifen 积分 is ready 已启动: ${url}

  Try it  试一试:
    curl ${url}/health
${hasUsers ? "" : createFirstUser}
  Log in  登录:
    curl ${url}/auth/login -H 'Content-Type: application/json' -d '{"email":"${email}","password":"${password}"}'

  API: ${url}/docs    Guide 说明: README.md, README.zh-CN.md

`;
}
