/** Reads a body of at most `limit` bytes. @returns undefined when it is longer */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit) return;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
