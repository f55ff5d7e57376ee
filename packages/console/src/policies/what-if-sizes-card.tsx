import type { SubjectSize, WhatIf } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { usePolicyWords } from "./policy-page-words.ts";
import { shareOf, sizeNames } from "./what-if-sizes.ts";

export interface SizeChipsProps {
  readonly result: WhatIf;
  readonly size: SubjectSize | undefined;
  readonly onChange: (size: SubjectSize | undefined) => void;
}

/** Whom the sums below are of. */
export function SizeChips({ result, size, onChange }: SizeChipsProps): ReactNode {
  const { sizes: words } = usePolicyWords();
  const options = [
    { value: "all" as const, label: words.chip(words.all, result.subjects) },
    ...result.sizes.map((one) => ({ value: one.size, label: words.chip(words.names[one.size], one.subjects) })),
  ];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <ChoiceChips
        label={words.label}
        value={size ?? "all"}
        options={options}
        onChange={(next) => onChange(next === "all" ? undefined : next)}
      />
      <p role="status" className="text-sm text-ink-2">
        {words.texts[size ?? "all"]}
      </p>
    </div>
  );
}

/** The sizes beside each other: a policy that is fair to the large may be hard on the new. */
export function SizesCard({ result }: { readonly result: WhatIf }): ReactNode {
  const { f } = useVoice();
  const { sizes: words } = usePolicyWords();
  const cell = "py-1.5 ps-2 text-end whitespace-nowrap";
  return (
    <Card id="what-if-sizes" title={words.compare} hint={words.compareHint}>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-labelledby="what-if-sizes-title">
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr className="text-ink-3">
              <th scope="col" className="py-1 text-start align-bottom font-normal">
                {words.columns.size}
              </th>
              {(["subjects", "up", "down", "salesUp", "salesDown"] as const).map((column) => (
                <th key={column} scope="col" className="py-1 ps-2 text-end align-bottom font-normal">
                  {words.columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sizeNames.map((size) => {
              const found = result.sizes.find((one) => one.size === size);
              if (found === undefined) return null;
              const { subjects, up, down, gmv } = found;
              return (
                <tr key={size} className="border-t border-line">
                  <th scope="row" className="py-1.5 text-start font-medium">
                    {words.names[size]}
                  </th>
                  <td className={cell}>{f.count(subjects)}</td>
                  <td className={`${cell} ${up > 0 ? "text-jade" : "text-ink-3"}`}>
                    {f.percent(shareOf(up, subjects))}
                  </td>
                  <td className={`${cell} ${down > 0 ? "text-cinnabar" : "text-ink-3"}`}>
                    {f.percent(shareOf(down, subjects))}
                  </td>
                  <td className={cell}>{f.percent(shareOf(gmv.up, gmv.total))}</td>
                  <td className={cell}>{f.percent(shareOf(gmv.down, gmv.total))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
