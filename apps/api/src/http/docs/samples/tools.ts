import { jsonSyntax, literal, phpSyntax, pythonSyntax, typescriptSyntax } from "./literal.ts";
import type { SampleRequest } from "./request.ts";

/** The tools that samples are written for, in their order on the page. */
export const tools = ["curl", "typescript", "python", "php"] as const;

/** A tool that samples are written for. */
export type Tool = (typeof tools)[number];

/** The names of the tools, which are the same in every language. */
export const toolNames: Readonly<Record<Tool, string>> = {
  curl: "curl",
  typescript: "TypeScript",
  python: "Python",
  php: "PHP",
};

/** Text between single quotes of a shell. */
const shellText = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Whether the operation works with the session of a browser only. */
const isOfSession = ({ noun, operation }: SampleRequest): boolean =>
  noun === "session" && operation.caller !== "anyone";

/** A curl command that works as it is, once TOKEN is set. */
export function curl(request: SampleRequest, origin: string): string {
  const { operation, target, body, key } = request;
  const address = `${origin}${target}`;
  const first = /[?&]/.test(target) ? shellText(address) : address;
  const lines = [operation.kind === "stream" ? `curl -N ${first}` : `curl ${first}`];
  if (isOfSession(request)) lines.push(`-H "Cookie: jifen_session=$SESSION"`, `-H "X-Jifen-Session: 1"`);
  else if (operation.caller !== "anyone") lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (key !== undefined) lines.push(`-H "Idempotency-Key: ${key}"`);
  if (body !== undefined) {
    lines.push(`-H "Content-Type: application/json"`, `-d ${shellText(literal(body, jsonSyntax, "  "))}`);
  } else if (operation.rest.method === "POST") {
    lines.push("-X POST");
  }
  return lines.join(" \\\n  ");
}

/** The functions of the client for streams. */
const streamCalls: Readonly<Record<string, string>> = {
  "logs.export": "exportLogs",
  "transactions.export": "exportTransactions",
};

/** A call of the client, which sends the idempotency key as a field. */
export function typescript({ noun, verb, operation, input, target, key }: SampleRequest): string {
  const sent = key === undefined ? input : { ...input, idempotencyKey: key };
  const written = sent === undefined ? "" : literal(sent, typescriptSyntax);
  if (operation.kind !== "stream") {
    const kind = operation.kind === "query" ? "query" : "mutate";
    return `const answer = await jifen.${noun}.${verb}.${kind}(${written});`;
  }
  if (noun === "live")
    return `for await (const event of jifen.live.events({ kinds: ["log", "balance"] })) {\n  console.log(event);\n}`;
  const call = streamCalls[`${noun}.${verb}`];
  if (call !== undefined)
    return `const file = await ${call}(jifen, ${written});\nconsole.log(await new Response(file).text());`;
  return `const response = await fetch(\`\${url}${target}\`, {\n  headers: { Authorization: \`Bearer \${token}\` },\n});\nconsole.log(await response.text());`;
}

/** A call of the function that the beginning of the documentation shows, with the standard library alone. */
export function python({ operation, target, body, key }: SampleRequest): string {
  const named = [
    ...(body === undefined ? [] : [literal(body, pythonSyntax)]),
    ...(key === undefined ? [] : [`key=${JSON.stringify(key)}`]),
  ];
  const place = [JSON.stringify(operation.rest.method), JSON.stringify(target), ...named].join(", ");
  if (operation.kind === "stream") return `for line in open_jifen(${place}):\n    print(line.decode(), end="")`;
  return `answer = jifen(${place})`;
}

/** A call of the function that the beginning of the documentation shows. */
export function php({ operation, target, body, key }: SampleRequest): string {
  const sent = [
    ...(body === undefined && key === undefined ? [] : [body === undefined ? "null" : literal(body, phpSyntax)]),
    ...(key === undefined ? [] : [literal(key, phpSyntax)]),
  ];
  const place = [literal(operation.rest.method, phpSyntax), literal(target, phpSyntax), ...sent].join(", ");
  if (operation.kind === "stream") return `jifen_stream(${place}, fn (string $part) => print $part);`;
  return `$answer = jifen(${place});`;
}
