/** Parameters in a line: `model = pro, seconds = 6`. */
export const paramsText = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
