/** The largest body, as of the API. */
export const MAX_BODY_BYTES = 102_400;

/** Reads the body into memory, so that it is sent with its length. Null when it is too large, read only to the limit. */
export async function readBody(request: Request): Promise<Blob | null> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = request.body?.getReader();
  for (let length = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > MAX_BODY_BYTES) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  return new Blob(chunks);
}
