import type { Grade } from "@probity/contract";
import { type ReactNode, useState } from "react";
import { BoundedNumber } from "./bounded-number.tsx";
import { BrandSeal } from "./brand-seal.tsx";
import { EvidenceList } from "./evidence-list.tsx";
import { IntervalPlot } from "./interval-plot.tsx";
import { QrCode } from "./qr-code.tsx";
import { openable, type Reason, ReasonTree } from "./reason-tree.tsx";
import { DimensionColumns, ScoreBar } from "./score-bar.tsx";
import { Seal } from "./seal.tsx";
import { Timeline, type TimelineMarker, type TimelinePoint } from "./timeline.tsx";

const grades: readonly (Grade | null)[] = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D", null];

function Seals(): ReactNode {
  return (
    <>
      <BrandSeal />
      <p className="flex flex-wrap gap-2">
        {grades.map((grade) => (
          <Seal key={grade} grade={grade} />
        ))}
      </p>
      <p className="mt-6 flex flex-wrap gap-4">
        {grades.map((grade) => (
          <Seal key={grade} grade={grade} size="large" />
        ))}
      </p>
    </>
  );
}

function Scores(): ReactNode {
  return (
    <div className="flex max-w-md flex-col gap-6">
      <BoundedNumber score={812} bound={796} max={1_000} peers={705} size="large" />
      <BoundedNumber score={812} bound={796} max={1_000} />
      <ScoreBar value={116} max={200} band={[108, 124]} peers={138} low label="116 of 200 points" />
      <DimensionColumns
        label="Reputation 214 of 250, Security 90 of 200"
        dimensions={[
          { id: "reputation", points: 214, max: 250 },
          { id: "security", points: 90, max: 200 },
        ]}
      />
      <IntervalPlot
        mean={881_000}
        low={856_000}
        high={906_000}
        peers={{ lower: 935_000, median: 952_000, upper: 970_000 }}
        label="85.6 % to 90.6 %"
      />
      <IntervalPlot mean={4_000} low={0} high={9_000} peers={null} label="0 % to 0.9 %" />
    </div>
  );
}

const reasons: readonly Reason[] = [
  {
    id: "reputation",
    label: "Reputation",
    figures: "214 / 250",
    gauge: <ScoreBar value={214} max={250} />,
    children: [
      { id: "reviews", label: "Trusted reviews", figures: "118 / 130", detail: () => <p>132 counted, 9 set aside</p> },
      { id: "identity", label: "Identity", figures: "40 / 40" },
    ],
  },
  {
    id: "security",
    label: "Security",
    figures: "116 / 200",
    children: [
      {
        id: "dispatch",
        label: "Dispatched in time",
        figures: "31 / 60",
        detail: () => <button type="button">An event</button>,
      },
      { id: "tracking", label: "Tracking", figures: "not counted", quiet: true },
    ],
  },
];

function Tree(): ReactNode {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <ReasonTree label="Why this score" reasons={reasons} expanded={expanded} onExpandedChange={setExpanded} />
      <p id="said">{[...expanded].sort().join(" ")}</p>
      <p id="openable">{openable(reasons).join(" ")}</p>
    </>
  );
}

function Evidence(): ReactNode {
  return (
    <EvidenceList
      items={[
        {
          key: "a",
          day: "2026-11-21",
          what: "Order #88213 promised to leave by 19 Nov, left 21 Nov",
          good: false,
          places: [1_204_881, 1_204_902],
        },
        { key: "b", day: "2026-11-20", what: "抽检：竹纤维毛巾，成分与标称一致", good: true, places: [1_203_117] },
        { key: "c", day: "2026-11-18", what: "طلب", good: true, places: [] },
      ]}
      placeLink={(seq, words) => (
        <a href={`#${seq}`} className="link">
          {words}
        </a>
      )}
    />
  );
}

const points: readonly TimelinePoint[] = Array.from({ length: 40 }, (_, week) => ({
  day: new Date(Date.UTC(2026, 1, 1 + week * 7)).toISOString().slice(0, 10),
  score: 780 + Math.round(30 * Math.sin(week / 5)),
  bound: 750 + Math.round(30 * Math.sin(week / 5)),
  grade: week < 4 ? null : "A",
  computedLater: week < 10,
}));
const markers: readonly TimelineMarker[] = [
  { day: "2026-06-07", kind: "policy", words: "rules changed" },
  { day: "2026-07-05", kind: "epoch", words: "comparison renewed" },
];

function History(): ReactNode {
  const [said, setSaid] = useState("");
  return (
    <>
      <Timeline id="history" points={points} markers={markers} onBrush={(from, to) => setSaid(`${from} ${to}`)} />
      <p id="said">{said}</p>
      <Timeline id="none" points={[]} markers={[]} onBrush={() => undefined} />
    </>
  );
}

function Codes(): ReactNode {
  return <QrCode text="otpauth://totp/Probity:lin@example.org?secret=JBSWY3DPEHPK3PXP" label="For the app" />;
}

export const evidence: Readonly<Record<string, () => ReactNode>> = {
  seal: Seals,
  score: Scores,
  tree: Tree,
  evidence: Evidence,
  timeline: History,
  qr: Codes,
};
