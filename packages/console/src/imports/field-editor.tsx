import type { ColumnGuess, EventField, EventRule, RuleGuess, Value } from "@probity/mapping";
import type { ReactNode } from "react";
import { TextField } from "../ui/field.tsx";
import { SelectField } from "../ui/select.tsx";
import { fieldValue, isWritten, type Source, sourceOf, valueOf } from "./mapping-edit.ts";
import type { Issues } from "./mapping-editor.tsx";
import { reasonWords } from "./reason-words.ts";
import { useImportWords } from "./import-words.ts";

export interface FieldEditorProps {
  readonly rule: EventRule;
  readonly field: EventField;
  readonly columns: readonly ColumnGuess[];
  readonly constants: readonly string[];
  readonly reason: RuleGuess["choices"][number]["reason"] | undefined;
  readonly issues: Issues;
  readonly onChange: (value: Value | undefined) => void;
}

/** Options are named by their kind, so that a column called `fixed` is a column. */
const keyOf = (source: Source): string => (source.by === "column" ? `column:${source.column}` : source.by);

function sourceFrom(key: string, before: Source): Source {
  if (key.startsWith("column:")) return { by: "column", column: key.slice(7) };
  if (key === "fixed") return { by: "fixed", value: before.by === "fixed" ? before.value : "" };
  if (key === "template") {
    return {
      by: "template",
      text: before.by === "column" ? `{${before.column}}` : before.by === "template" ? before.text : "",
    };
  }
  return key === "written" ? { by: "written" } : { by: "nothing" };
}

function useSourceOptions({ columns, constants, rule, field }: FieldEditorProps): { value: string; label: string }[] {
  const words = useImportWords();
  const all = [...columns.map(({ column }) => column), ...constants];
  const source = sourceOf(fieldValue(rule, field.field));
  const absent = source.by === "column" && !all.includes(source.column) ? [source.column] : [];
  return [
    { value: "nothing", label: words.leaveOut },
    ...[...all, ...absent].map((column) => ({ value: `column:${column}`, label: column })),
    { value: "fixed", label: words.fixedValue },
    ...(field.kind === "text" ? [{ value: "template", label: words.template }] : []),
    ...(isWritten(rule, field.field) ? [{ value: "written", label: words.written }] : []),
  ];
}

function FixedField({
  field,
  source,
  onChange,
}: Pick<FieldEditorProps, "field"> & {
  readonly source: Extract<Source, { by: "fixed" }>;
  readonly onChange: (source: Source) => void;
}): ReactNode {
  const words = useImportWords();
  const label = words.fixedLabel(field.field);
  const put = (value: string): void => onChange({ by: "fixed", value });
  const choices =
    field.kind === "boolean"
      ? [
          { value: "true", label: words.yes },
          { value: "false", label: words.no },
        ]
      : field.choices?.map((value) => ({ value, label: value }));
  if (choices !== undefined) {
    const all = choices.some(({ value }) => value === source.value)
      ? choices
      : [{ value: source.value, label: words.unknown }, ...choices];
    return <SelectField hideLabel label={label} value={source.value} options={all} onChange={put} />;
  }
  return <TextField hideLabel label={label} value={source.value} onChange={put} />;
}

/** What fills one field: a column, the same for every row, several columns, or nothing. */
export function FieldEditor(props: FieldEditorProps): ReactNode {
  const { rule, field, columns, reason, issues, onChange } = props;
  const words = useImportWords();
  const value = fieldValue(rule, field.field);
  const source: Source = isWritten(rule, field.field) ? { by: "written" } : sourceOf(value);
  const options = useSourceOptions(props);
  const put = (next: Source): void => onChange(valueOf(field, next, columns, value));
  const [issue] = issues;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 items-baseline justify-between gap-2">
        <code className="truncate font-mono text-xs">{field.field}</code>
        <span className="shrink-0 text-xs text-ink-3">
          {reason === undefined ? null : words.reasons[reason]}
          {field.required ? <span className="ms-2">{words.required}</span> : null}
        </span>
      </div>
      <SelectField
        hideLabel
        label={words.source(field.field)}
        value={keyOf(source)}
        options={options}
        onChange={(key) => put(sourceFrom(key, source))}
      />
      {source.by === "fixed" ? <FixedField field={field} source={source} onChange={put} /> : null}
      {source.by === "template" ? (
        <TextField
          hideLabel
          label={words.templateLabel(field.field)}
          value={source.text}
          onChange={(text) => put({ by: "template", text })}
        />
      ) : null}
      {issue === undefined ? null : (
        <p role="alert" className="text-xs font-medium break-words text-cinnabar">
          {reasonWords(issue.rule, words)}
        </p>
      )}
    </div>
  );
}
