import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { SelectField } from "../ui/select.tsx";
import { wrongGrades } from "./draft.ts";
import type { DraftPartProps } from "./draft-weights.tsx";
import { usePolicyWords } from "./policy-page-words.ts";

const boundMax = 1_000;

/** From which bound each grade begins. */
export function Grades({ policy, draft, onChange }: DraftPartProps): ReactNode {
  const { t } = useVoice();
  const { draft: words } = usePolicyWords();
  const wrong = wrongGrades(draft);
  return (
    <Card id="draft-grades" title={t.policies.grades} hint={words.gradesHint}>
      <div className="grid grid-cols-2 gap-3">
        {policy.grades.map(({ grade }, place) => (
          <NumberField
            key={grade}
            label={grade}
            value={draft.grades[place] ?? null}
            error={wrong.includes(place) ? words.gradeWrong : undefined}
            onChange={(value) =>
              onChange(
                { ...draft, grades: draft.grades.map((min, at) => (at === place ? value : min)) },
                `grade ${grade}`,
              )
            }
            min={0}
            max={boundMax}
          />
        ))}
      </div>
    </Card>
  );
}

/** Which grade each red line leaves at most. */
export function RedLines({ policy, draft, onChange }: DraftPartProps): ReactNode {
  const { f } = useVoice();
  const { editor } = usePolicyWords();
  if (policy.redLines.length === 0) return null;
  return (
    <Card id="draft-red-lines" title={editor.redLines} hint={editor.redLinesHint}>
      <div className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2">
        {policy.redLines.map((line) => (
          <SelectField
            key={line.id}
            label={f.words(line.title)}
            value={draft.caps[line.id] ?? line.cap}
            options={policy.grades.map(({ grade }) => ({ value: grade, label: grade }))}
            onChange={(cap) => onChange({ ...draft, caps: { ...draft.caps, [line.id]: cap } }, "")}
          />
        ))}
      </div>
    </Card>
  );
}
