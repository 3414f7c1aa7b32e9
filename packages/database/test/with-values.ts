/** SQL with its values in place of the `?`, to have it explained. */
export function withValues(sql: string, values: readonly (string | number)[]): string {
  const rest = [...values];
  return sql.replaceAll("?", () => {
    const value = rest.shift();
    return typeof value === "string" ? `'${value}'` : String(value);
  });
}
