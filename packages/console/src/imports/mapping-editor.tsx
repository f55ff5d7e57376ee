import type { Mapping } from "@probity/mapping";
import { type ReactNode, useId } from "react";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { TextField } from "../ui/field.tsx";
import { Plus } from "../ui/icons.ts";
import { SelectField } from "../ui/select.tsx";
import { issuesAt, newRule, withCurrency, withoutRule, withRule } from "./mapping-edit.ts";
import type { Checked, Opened } from "./protocol.ts";
import { reasonWords } from "./reason-words.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { useImportWords } from "./import-words.ts";

export type Issues = Checked["issues"];

export interface MappingEditorProps {
  readonly mapping: Mapping;
  readonly opened: Opened;
  readonly issues: Issues;
  readonly onChange: (mapping: Mapping) => void;
}

const zones = [-11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const zoneOf = (hours: number): string =>
  hours === 0 ? "Z" : `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;

function errorAt(issues: Issues, path: string, words: (rule: string) => string): string | undefined {
  const [first] = issuesAt(issues, path);
  return first === undefined ? undefined : words(first.rule);
}

function ZoneField({ mapping, onChange }: Pick<MappingEditorProps, "mapping" | "onChange">): ReactNode {
  const words = useImportWords();
  const { timeZone } = mapping;
  if (timeZone === undefined) return null;
  const known = zones.map(zoneOf);
  const all = known.includes(timeZone) ? known : [timeZone, ...known];
  return (
    <SelectField
      label={words.timeZone}
      value={timeZone}
      options={all.map((value) => ({ value, label: value === "Z" ? "UTC" : value }))}
      onChange={(next) => onChange({ ...mapping, timeZone: next })}
    />
  );
}

/** What holds for every rule: zone, money, and what is the same in every row. */
function SettingsFields({ mapping, issues, onChange }: Omit<MappingEditorProps, "opened">): ReactNode {
  const words = useImportWords();
  const { money, constants } = mapping;
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <ZoneField mapping={mapping} onChange={onChange} />
      {money === undefined ? null : (
        <>
          <SelectField
            label={words.moneyUnit}
            value={money.unit}
            options={(["major", "minor"] as const).map((value) => ({ value, label: words.units[value] }))}
            onChange={(unit) => onChange({ ...mapping, money: { ...money, unit } })}
          />
          {typeof money.currency === "string" ? (
            <TextField
              label={words.currency}
              value={money.currency}
              maxLength={3}
              error={errorAt(issues, "/money", (rule) => reasonWords(rule, words))}
              onChange={(currency) => onChange(withCurrency(mapping, currency.toUpperCase()))}
            />
          ) : null}
          <SelectField
            label={words.decimal}
            value={money.decimal ?? "."}
            options={([".", ","] as const).map((value) => ({ value, label: words.decimals[value] }))}
            onChange={(decimal) => onChange({ ...mapping, money: { ...money, decimal } })}
          />
        </>
      )}
      {Object.entries(constants ?? {}).map(([name, value]) => (
        <TextField
          key={name}
          label={words.constant(name)}
          value={String(value)}
          error={errorAt(issues, `/constants/${name}`, (rule) => reasonWords(rule, words))}
          onChange={(next) => onChange({ ...mapping, constants: { ...constants, [name]: next } })}
        />
      ))}
    </div>
  );
}

/** The mapping as a form; what no form can show stays as the file has it. */
export function MappingEditor({ mapping, opened, issues, onChange }: MappingEditorProps): ReactNode {
  const words = useImportWords();
  const headId = useId();
  const first = opened.shapes.find(({ type }) => type === "order.placed") ?? opened.shapes[0];
  return (
    <Card id="import-mapping" title={words.mapping} hint={words.mappingHint}>
      {mapping.events.length === 0 ? <p className="mb-3 font-medium">{words.nothing}</p> : null}
      {mapping.timeZone === undefined && mapping.money === undefined && mapping.constants === undefined ? null : (
        <section aria-labelledby={headId} className="mb-4">
          <h3 id={headId} className="mb-2 text-sm font-semibold">
            {words.settings}
          </h3>
          <SettingsFields mapping={mapping} issues={issues} onChange={onChange} />
        </section>
      )}
      <div className="flex flex-col gap-3">
        {mapping.events.map((rule, at) => (
          <RuleEditor
            // Rules have no name of their own; their place is what issues name, too.
            key={at}
            rule={rule}
            at={at}
            opened={opened}
            constants={Object.keys(mapping.constants ?? {})}
            issues={issues}
            onChange={(next) => onChange(withRule(mapping, at, next))}
            onRemove={() => onChange(withoutRule(mapping, at))}
          />
        ))}
      </div>
      <div className="mt-3">
        <Button
          icon={Plus}
          onClick={() => {
            if (first === undefined) return;
            const events = [...mapping.events, newRule(first, opened.columns)];
            // A mapping that had no event has not said yet how money and times are written.
            const money = mapping.money ?? { unit: "major" as const, currency: opened.currency };
            onChange({ ...mapping, events, money, timeZone: mapping.timeZone ?? opened.timeZone });
          }}
        >
          {words.addRule}
        </Button>
      </div>
    </Card>
  );
}
