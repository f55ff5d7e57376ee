import type { Policy } from "@probity/contract";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ChevronRight } from "../ui/icons.ts";
import { NumberField } from "../ui/number-field.tsx";
import { patiently } from "../ui/patient-load.ts";
import { ScoreBar } from "../ui/score-bar.tsx";
import { Skeleton } from "../ui/states.tsx";
import { type Draft, dimensionPoints, isReshaped, wrongCurves } from "./draft.ts";
import type { ChangeDraft } from "./draft-desk.ts";
import { usePolicyWords } from "./policy-page-words.ts";

const route = getRouteApi("/$marketplace/policies/$policy/draft");
const pointsMax = 1_000;

/** Only who opens a curve waits for what draws it. */
const DraftIndicator = lazy(async () => ({
  default: (await patiently(() => import("./draft-indicator.tsx"))).DraftIndicator,
}));

export interface DraftPartProps {
  readonly policy: Policy;
  readonly draft: Draft;
  readonly onChange: ChangeDraft;
}

interface RowProps extends DraftPartProps {
  readonly indicator: Policy["indicators"][number];
  /** Points of the weightiest indicator. */
  readonly most: number;
  readonly isWrong: boolean;
}

function Row({ policy, draft, onChange, indicator, most, isWrong }: RowProps): ReactNode {
  const { f } = useVoice();
  const { editor, draft: words } = usePolicyWords();
  const { curve } = route.useSearch();
  const navigate = route.useNavigate();
  const { id } = indicator;
  const title = f.words(indicator.title);
  const isOpen = curve === id;
  const panel = `shape-${id}`;
  return (
    <li className="border-t border-line py-1.5 first:border-t-0 first:pt-0">
      <div className="grid grid-cols-[minmax(0,1fr)_128px] items-center gap-x-4 sm:grid-cols-[minmax(0,1fr)_minmax(60px,180px)_128px]">
        <div className="min-w-0">
          <p>{title}</p>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? panel : undefined}
            onClick={() => void navigate({ search: isOpen ? {} : { curve: id }, replace: true, resetScroll: false })}
            className="flex min-h-6 items-center gap-1 rounded-control pe-2 text-xs text-ink-2 hover:text-ink"
          >
            <ChevronRight size={13} aria-hidden className={isOpen ? "rotate-90" : ""} />
            {isOpen ? editor.close : editor.shape}
            <span className="sr-only">{title}</span>
            {isWrong ? (
              <span className="font-medium text-cinnabar">{editor.wrong}</span>
            ) : isReshaped(indicator, draft) ? (
              <span className="font-medium text-jade">{editor.reshaped}</span>
            ) : null}
          </button>
        </div>
        <span className="max-sm:hidden">
          <ScoreBar value={draft.points[id] ?? 0} max={most} />
        </span>
        <NumberField
          label={words.pointsOf(title)}
          hideLabel
          value={draft.points[id] ?? null}
          onChange={(value) => onChange({ ...draft, points: { ...draft.points, [id]: value } }, `points ${id}`)}
          min={0}
          max={pointsMax}
        />
      </div>
      {isOpen ? (
        <div id={panel}>
          <Suspense fallback={<Skeleton rows={4} />}>
            <DraftIndicator policy={policy} indicator={indicator} draft={draft} onChange={onChange} />
          </Suspense>
        </div>
      ) : null}
    </li>
  );
}

/** Points of every indicator, by dimension; each opens into its curve. */
export function Weights({ policy, draft, onChange }: DraftPartProps): ReactNode {
  const { t, f } = useVoice();
  const most = Math.max(1, ...Object.values(draft.points).map((points) => points ?? 0));
  const wrong = wrongCurves(policy, draft);
  return (
    <>
      {policy.dimensions.map((dimension) => {
        const points = dimensionPoints(policy, draft, dimension.id);
        return (
          <Card
            key={dimension.id}
            id={`draft-${dimension.id}`}
            title={f.words(dimension.title)}
            aside={
              <span>
                <strong>{t.policies.points(points)}</strong>
                {points === dimension.points ? null : (
                  <span className="text-ink-3"> ({f.signed(points - dimension.points)})</span>
                )}
              </span>
            }
          >
            <ul>
              {policy.indicators
                .filter((indicator) => indicator.dimension === dimension.id)
                .map((indicator) => (
                  <Row
                    key={indicator.id}
                    policy={policy}
                    draft={draft}
                    onChange={onChange}
                    indicator={indicator}
                    most={most}
                    isWrong={wrong.includes(indicator)}
                  />
                ))}
            </ul>
          </Card>
        );
      })}
    </>
  );
}
