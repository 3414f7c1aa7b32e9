/** The value of `METRICS_TOKEN` in tests. */
export const METRICS_TOKEN = "a-metrics-token-0123456789";

/** All metrics of a server, in the text format of Prometheus. */
export async function metricsOf({ url }: { readonly url: string }): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  return response.text();
}
