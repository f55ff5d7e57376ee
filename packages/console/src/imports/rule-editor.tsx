import type { Condition, EventField, EventRule } from "@probity/mapping";
import { type ReactNode, useId } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Plus, X } from "../ui/icons.ts";
import { SelectField } from "../ui/select.tsx";
import { FieldEditor } from "./field-editor.tsx";
import {
  conditionOf,
  conditionsOf,
  fieldPath,
  fieldValue,
  issuesAt,
  type Test,
  testOf,
  withConditions,
  withField,
  withTime,
  withType,
  wordsOf,
} from "./mapping-edit.ts";
import type { Issues } from "./mapping-editor.tsx";
import type { Opened } from "./protocol.ts";
import { reasonWords } from "./reason-words.ts";
import { useImportWords } from "./import-words.ts";

export interface RuleEditorProps {
  readonly rule: EventRule;
  readonly at: number;
  readonly opened: Opened;
  readonly constants: readonly string[];
  readonly issues: Issues;
  readonly onChange: (rule: EventRule) => void;
  readonly onRemove: () => void;
}

const tests: readonly Test[] = ["filled", "empty", "is", "not"];

function ConditionRow(props: {
  readonly condition: Condition;
  readonly columns: readonly string[];
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { condition, columns, onChange, onRemove } = props;
  const words = useImportWords();
  const test = testOf(condition);
  const said = wordsOf(condition);
  return (
    <li className="flex flex-wrap items-end gap-2">
      <SelectField
        hideLabel
        label={words.conditionColumn}
        value={condition.column}
        options={columns.map((value) => ({ value, label: value }))}
        onChange={(column) => onChange(conditionOf(column, test, said))}
      />
      <SelectField
        hideLabel
        label={words.conditionTest}
        value={test}
        options={tests.map((value) => ({ value, label: words.tests[value] }))}
        onChange={(next) => onChange(conditionOf(condition.column, next, said))}
      />
      {test === "is" || test === "not" ? (
        <TextField
          hideLabel
          label={words.conditionWords}
          value={said}
          onChange={(next) => onChange(conditionOf(condition.column, test, next))}
        />
      ) : null}
      <IconButton icon={X} label={words.removeCondition} onClick={onRemove} />
    </li>
  );
}

function Conditions({
  rule,
  columns,
  onChange,
}: Pick<RuleEditorProps, "rule" | "onChange"> & { readonly columns: readonly string[] }): ReactNode {
  const words = useImportWords();
  const headId = useId();
  const conditions = conditionsOf(rule);
  const put = (next: readonly Condition[]): void => onChange(withConditions(rule, next));
  return (
    <section aria-labelledby={headId} className="mt-3">
      <h4 id={headId} className="mb-1 text-sm font-medium text-ink-2">
        {conditions.length === 0 ? words.everyRow : words.conditions}
      </h4>
      <ul className="flex flex-col gap-2">
        {conditions.map((condition, at) => (
          <ConditionRow
            key={at}
            condition={condition}
            columns={columns}
            onChange={(next) => put(conditions.map((own, place) => (place === at ? next : own)))}
            onRemove={() => put(conditions.filter((_, place) => place !== at))}
          />
        ))}
      </ul>
      <div className="mt-1">
        <Button
          small
          look="quiet"
          icon={Plus}
          onClick={() => put([...conditions, { column: columns[0] ?? "", present: true }])}
        >
          {words.addCondition}
        </Button>
      </div>
    </section>
  );
}

function RuleHead({ rule, at, opened, issues, onChange, onRemove }: RuleEditorProps): ReactNode {
  const words = useImportWords();
  const path = `/events/${at}`;
  const columns = opened.columns.map(({ column }) => ({ value: column, label: column }));
  const said = (place: string): string | undefined => {
    const [first] = issuesAt(issues, `${path}/${place}`);
    return first && reasonWords(first.rule, words);
  };
  const { format } = rule.time;
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_1fr_1.4fr_auto]">
      <SelectField
        label={words.type}
        value={rule.type}
        options={opened.shapes.map(({ type }) => ({ value: type, label: type }))}
        onChange={(type) => {
          const shape = opened.shapes.find((own) => own.type === type);
          if (shape !== undefined) onChange(withType(rule, shape));
        }}
      />
      <SelectField
        label={words.eventTime}
        value={rule.time.column}
        options={rule.time.column === "" ? [{ value: "", label: words.unknown }, ...columns] : columns}
        onChange={(column) => onChange(withTime(rule, column, opened.columns))}
      />
      <TextField
        label={words.timeFormat}
        value={format ?? "rfc3339"}
        error={said("time")}
        onChange={(next) => onChange({ ...rule, time: { column: rule.time.column, format: next } })}
      />
      <TextField
        label={words.eventId}
        hint={words.eventIdHint}
        value={rule.id}
        error={said("id")}
        onChange={(id) => onChange({ ...rule, id })}
      />
      <div className="sm:pt-6">
        <IconButton icon={X} label={words.removeRule} onClick={onRemove} />
      </div>
    </div>
  );
}

/** One kind of event: when, for which rows, under which id, and what fills its fields. */
export function RuleEditor(props: RuleEditorProps): ReactNode {
  const { rule, at, opened, constants, issues, onChange } = props;
  const { f } = useVoice();
  const words = useImportWords();
  const headId = useId();
  const shape = opened.shapes.find(({ type }) => type === rule.type);
  const guess = opened.rules.find(({ type }) => type === rule.type);
  const columns = [...opened.columns.map(({ column }) => column), ...constants];
  const editor = (field: EventField): ReactNode => (
    <FieldEditor
      key={field.field}
      rule={rule}
      field={field}
      columns={opened.columns}
      constants={constants}
      reason={guess?.choices.find((choice) => choice.field === field.field)?.reason}
      issues={issuesAt(issues, fieldPath(at, field.field))}
      onChange={(value) => onChange(withField(rule, field.field, value))}
    />
  );
  const inSight = (field: EventField): boolean => field.required || fieldValue(rule, field.field) !== undefined;
  const more = shape?.fields.filter((field) => !inSight(field)) ?? [];
  return (
    <section aria-labelledby={headId} className="rounded-card border border-line bg-paper p-3">
      <h3 id={headId} className="mb-2 flex flex-wrap items-baseline gap-x-3 text-sm font-semibold">
        {words.rule(at + 1)}
        {guess === undefined ? null : (
          <span className="text-xs font-normal text-ink-3">
            {words.confidence(f.percent(guess.confidence * 10_000))}
          </span>
        )}
      </h3>
      <RuleHead {...props} />
      <Conditions rule={rule} columns={columns} onChange={onChange} />
      <h4 className="mt-3 mb-1 text-sm font-medium text-ink-2">{words.fields}</h4>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">{shape?.fields.filter(inSight).map(editor)}</div>
      {more.length === 0 ? null : (
        <details className="mt-3">
          <summary className="cursor-pointer text-sm text-ink-2">{words.moreFields(more.length)}</summary>
          <div className="mt-2 grid gap-3 sm:grid-cols-2 lg:grid-cols-3">{more.map(editor)}</div>
        </details>
      )}
    </section>
  );
}
