import type { Policy } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { CurveEditor } from "../ui/curve-editor.tsx";
import { pointsMax, valueAt } from "../ui/curve-model.ts";
import { NumberField } from "../ui/number-field.tsx";
import { SelectField } from "../ui/select.tsx";
import type { Draft } from "./draft.ts";
import type { ChangeDraft } from "./draft-desk.ts";
import { usePolicyWords } from "./policy-page-words.ts";
import { ageingWords } from "./policy-words.ts";

export interface DraftIndicatorProps {
  readonly policy: Policy;
  readonly indicator: Policy["indicators"][number];
  readonly draft: Draft;
  readonly onChange: ChangeDraft;
}

const perCent = 10_000;

/** The policy's decays, the fastest first; what does not age comes last. */
function ageingOptions(policy: Policy, voice: Voice): readonly { readonly value: string; readonly label: string }[] {
  const days = (name: string): number => policy.decays[name]?.halfLifeDays ?? Number.POSITIVE_INFINITY;
  const names = Object.keys(policy.decays).sort((one, other) => days(one) - days(other));
  const labels = names.map((name) => ageingWords(policy, name, voice));
  return names.map((value, place) => {
    const label = labels[place] ?? value;
    return { value, label: labels.indexOf(label) === labels.lastIndexOf(label) ? label : `${label} (${value})` };
  });
}

/** Curve, target and ageing of one indicator. */
export function DraftIndicator({ policy, indicator, draft, onChange }: DraftIndicatorProps): ReactNode {
  const voice = useVoice();
  const { f } = voice;
  const { curve, editor } = usePolicyWords();
  const { id } = indicator;
  const knots = draft.curves[id] ?? indicator.table;
  const target = draft.targets[id] ?? null;
  const points = draft.points[id] ?? 0;
  return (
    <div className="mt-3 mb-1 flex flex-col gap-4 rounded-control border border-line bg-paper p-3 sm:p-4">
      <CurveEditor
        title={f.words(indicator.title)}
        knots={knots}
        before={indicator.table}
        target={target}
        words={curve}
        onChange={(next, about) =>
          onChange({ ...draft, curves: { ...draft.curves, [id]: next } }, about === "" ? "" : `curve ${id} ${about}`)
        }
      />
      <div className="grid grid-cols-1 gap-4 border-t border-line pt-3 sm:grid-cols-2">
        <NumberField
          label={editor.target}
          value={target === null ? null : target / perCent}
          error={target === null ? editor.targetMissing : undefined}
          {...(target === null
            ? {}
            : { hint: editor.targetGives(Math.round((points * valueAt(knots, target)) / pointsMax), points) })}
          onChange={(share) => {
            const ppm = share === null ? null : Math.round(share * perCent);
            if (ppm !== target) onChange({ ...draft, targets: { ...draft.targets, [id]: ppm } }, `target ${id}`);
          }}
          min={0}
          max={100}
          step={0.1}
        />
        <SelectField
          label={editor.ageing}
          value={draft.decays[id] ?? indicator.decay}
          options={ageingOptions(policy, voice)}
          onChange={(decay) => onChange({ ...draft, decays: { ...draft.decays, [id]: decay } }, "")}
        />
      </div>
    </div>
  );
}
