import { type ReactNode, useState } from "react";
import { policies } from "../messages/en-policies.ts";
import { CurveChart } from "./curve-chart.tsx";
import { CurveEditor } from "./curve-editor.tsx";
import { type Knot, risingAxis } from "./curve-model.ts";

const returns: readonly Knot[] = [
  [0, 0],
  [900_000, 150],
  [950_000, 400],
  [980_000, 750],
  [1_000_000, 1_000],
];

function Curve(): ReactNode {
  const [{ knots, about }, setCurve] = useState<{ knots: readonly Knot[]; about: string }>({
    knots: returns,
    about: "",
  });
  return (
    <>
      <CurveEditor
        title="Returns"
        knots={knots}
        before={returns}
        target={985_000}
        words={policies.curve}
        onChange={(next, movement) => setCurve({ knots: next, about: movement })}
      />
      <p id="said">{JSON.stringify(knots)}</p>
      <p id="about">{about}</p>
    </>
  );
}

function Charts(): ReactNode {
  const after: readonly Knot[] = [
    [0, 0],
    [970_000, 400],
    [1_000_000, 1_000],
  ];
  return (
    <CurveChart
      axis={risingAxis([returns, after], 985_000)}
      before={returns}
      knots={after}
      targets={[985_000]}
      label="Returns: points by share"
    />
  );
}

export const curves: Readonly<Record<string, () => ReactNode>> = { curve: Curve, "curve-chart": Charts };
