import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";

export interface DateRangeValue {
  /** `YYYY-MM-DD`; undefined is open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface DateRangeProps extends DateRangeValue {
  readonly onChange: (range: DateRangeValue) => void;
  /** Newest day there is: presets end there. */
  readonly newest: string;
  readonly presets?: readonly number[];
}

const dayMs = 86_400_000;
const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - (days - 1) * dayMs).toISOString().slice(0, 10);

/** A period: some presets, and two days of one's own. */
export function DateRange({ from, to, onChange, newest, presets = [30, 90, 180] }: DateRangeProps): ReactNode {
  const { t } = useVoice();
  const wrong = from !== undefined && to !== undefined && from > to;
  const isPreset = (days: number): boolean => from === daysBefore(newest, days) && (to === undefined || to === newest);
  return (
    <div role="group" aria-label={t.ui.range} className="flex flex-wrap items-end gap-2">
      <div className="flex flex-wrap gap-1">
        {presets.map((days) => (
          <Button
            key={days}
            small
            look={isPreset(days) ? "primary" : "plain"}
            onClick={() => onChange({ from: daysBefore(newest, days) })}
          >
            {t.ui.lastDays(days)}
          </Button>
        ))}
        <Button small look={from === undefined && to === undefined ? "primary" : "plain"} onClick={() => onChange({})}>
          {t.ui.allTime}
        </Button>
      </div>
      <div className="flex flex-wrap gap-2">
        <TextField
          label={t.ui.from}
          hideLabel
          type="date"
          value={from ?? ""}
          max={to ?? newest}
          onChange={(value) => onChange({ from: value === "" ? undefined : value, to })}
          {...(wrong ? { error: t.ui.rangeWrong } : {})}
        />
        <TextField
          label={t.ui.to}
          hideLabel
          type="date"
          value={to ?? ""}
          min={from}
          max={newest}
          onChange={(value) => onChange({ from, to: value === "" ? undefined : value })}
        />
      </div>
    </div>
  );
}
