import { type ReactNode, useState } from "react";
import { CopyButton } from "./copy-text.tsx";
import { Network } from "./network.tsx";
import { Waterfall } from "./waterfall.tsx";

function Sums(): ReactNode {
  return (
    <div className="max-w-2xl">
      <Waterfall
        label="Why 41%"
        max={1_000}
        start={{ title: "Before any reason", value: 930, words: "93%" }}
        steps={[
          {
            id: "duplicates",
            title: "Duplicates",
            points: -610,
            words: "−61",
            detail: <p>Six others wrote the same.</p>,
          },
          { id: "purchase", title: "Purchase", points: 90, words: "+9" },
        ]}
        end={{ title: "Reliability", value: 410, words: "41%" }}
      />
      <CopyButton text="41%" label="Copy the sum" />
    </div>
  );
}

const nodes = 60;
const from = Int32Array.from({ length: nodes - 1 }, (_, place) => place + 1);
const to = Int32Array.from({ length: nodes - 1 }, (_, place) => Math.floor(place / 6));
const size = Float32Array.from({ length: nodes }, (_, node) => (node === 0 ? 8 : 4));
const nodeLook = Uint8Array.from({ length: nodes }, (_, node) => node % 2);
const tieLook = new Uint8Array(nodes - 1).fill(2);
const shown = new Uint8Array(nodes).fill(1);
const palette = ["var(--jade)", "var(--cinnabar)", "var(--ink-3)"];
const names = new Map([[0, "竹 First"]]);

function Networks(): ReactNode {
  const [chosen, setChosen] = useState(-1);
  return (
    <>
      <Network
        label="Sixty nodes with their ties"
        nodes={nodes}
        from={from}
        to={to}
        palette={palette}
        nodeLook={nodeLook}
        tieLook={tieLook}
        size={size}
        nodeShown={shown}
        tieShown={shown.subarray(1)}
        names={names}
        chosen={chosen}
        onChoose={setChosen}
      />
      <output id="said">{chosen}</output>
    </>
  );
}

export const networks: Readonly<Record<string, () => ReactNode>> = { network: Networks, waterfall: Sums };
