/** The token with which the benchmark reads the metrics of its servers. */
export const METRICS_TOKEN = "token-of-the-benchmark";

/** Reads metrics of a server. @returns a function that gives the sum of all samples of a name; NaN without one */
export async function readMetrics(url: string): Promise<(name: string) => number> {
  const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } });
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  const text = await response.text();
  return (name) => {
    const samples = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))];
    return samples.length === 0 ? Number.NaN : samples.reduce((sum, [, value]) => sum + Number(value), 0);
  };
}
