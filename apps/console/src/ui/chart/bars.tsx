import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { colorOf } from "./color-of.ts";
import type { Series } from "./series.ts";

const tick = { fill: "var(--muted)", fontSize: 12 };
const tooltip = {
  background: "var(--card)",
  border: "1px solid var(--line)",
  borderRadius: 6,
  color: "var(--ink)",
};

/** Stacked bars. The arrow keys move the tooltip. */
export function Bars({ series }: { readonly series: Series }) {
  const { title, groups, points, formatAt, formatValue } = series;
  const rows = points.map(({ at, values }) => ({ at, ...values }));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={rows} title={title} margin={{ top: 8, right: 0, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          tickFormatter={formatAt}
          tick={tick}
          tickLine={false}
          stroke="var(--line)"
          minTickGap={24}
        />
        <YAxis tickFormatter={formatValue} tick={tick} tickLine={false} axisLine={false} width="auto" />
        <Tooltip
          contentStyle={tooltip}
          cursor={{ fill: "var(--sunken)" }}
          labelFormatter={(at) => formatAt(String(at))}
          formatter={(value) => formatValue(Number(value))}
        />
        {groups.map(({ key, title: name }, index) => (
          <Bar
            key={key}
            dataKey={key}
            name={name}
            stackId="all"
            fill={colorOf(index)}
            stroke="var(--card)"
            strokeWidth={0.5}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
