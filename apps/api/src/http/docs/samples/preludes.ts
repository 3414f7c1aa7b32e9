import type { Tool } from "./tools.ts";

const curl = (origin: string) => `TOKEN=$(curl -s ${origin}/auth/login \\
  -H "Content-Type: application/json" \\
  -d '{ "email": "user@example.com", "password": "password123" }' \\
  | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`;

const typescriptImports = [
  'import { env } from "node:process";',
  'import { createJifenClient, exportLogs, exportTransactions } from "@jifen/client";',
];

const typescript = (origin: string) => `// npm install ${origin}/client.tgz
${typescriptImports.join("\n")}

const url = "${origin}";
const token = env["TOKEN"];
const jifen = createJifenClient({ url, token });`;

const python = (origin: string) => `import json
import os
import urllib.request

def open_jifen(method, path, body=None, key=None):
    headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}
    if key is not None:
        headers["Idempotency-Key"] = key
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
    url = "${origin}" + path
    request = urllib.request.Request(url, data, headers, method=method)
    return urllib.request.urlopen(request, timeout=30)

def jifen(method, path, body=None, key=None):
    with open_jifen(method, path, body, key) as response:
        return json.load(response)`;

const php = (origin: string) => `<?php
function jifen_request(string $method, string $path, ?array $body, ?string $key) {
    $headers = ['Authorization: Bearer ' . getenv('TOKEN')];
    if ($key !== null) {
        $headers[] = 'Idempotency-Key: ' . $key;
    }
    $request = curl_init('${origin}' . $path);
    if ($body !== null) {
        $headers[] = 'Content-Type: application/json';
        curl_setopt($request, CURLOPT_POSTFIELDS, json_encode($body));
    }
    curl_setopt_array($request, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => 30,
    ]);
    return $request;
}

function jifen(string $method, string $path, ?array $body = null, ?string $key = null): array {
    $request = jifen_request($method, $path, $body, $key);
    $text = curl_exec($request);
    $status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
    if ($text === false || $status >= 400) {
        throw new RuntimeException($text === false ? curl_error($request) : $text, $status);
    }
    return json_decode($text, true);
}

function jifen_stream(string $method, string $path, callable $receive): void {
    $request = jifen_request($method, $path, null, null);
    curl_setopt($request, CURLOPT_WRITEFUNCTION, function ($request, string $part) use ($receive): int {
        $receive($part);
        return strlen($part);
    });
    curl_exec($request);
}`;

/** What the samples of each tool build on, once. */
export const preludes: Readonly<Record<Tool, (origin: string) => string>> = { curl, typescript, python, php };
