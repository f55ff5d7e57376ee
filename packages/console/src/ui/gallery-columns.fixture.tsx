import type { ReactNode } from "react";
import { ColumnChart } from "./column-chart.tsx";

function Columns(): ReactNode {
  return (
    <div className="max-w-3xl">
      <ColumnChart
        id="hours"
        label="2,412 accepted and 31 rejected on 21 November"
        period="Hour"
        series={[
          { id: "accepted", title: "accepted", look: "good" },
          { id: "rejected", title: "rejected", look: "bad" },
        ]}
        columns={Array.from({ length: 24 }, (_, hour) => ({
          id: String(hour),
          title: `${hour}:00 – ${hour + 1}:00`,
          ...(hour % 6 === 0 ? { tick: `${hour}:00` } : {}),
          values: [hour === 3 ? 0 : 60 + ((hour * 37) % 83), hour % 5 === 0 ? hour : 0],
        }))}
      />
    </div>
  );
}

export const columns: Readonly<Record<string, () => ReactNode>> = { columns: Columns };
