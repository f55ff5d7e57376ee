import { type ReactNode, type SubmitEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { CheckboxField } from "../ui/checkbox-field.tsx";
import { ChoiceChips, FilterChip } from "../ui/chip.tsx";
import { TextField } from "../ui/field.tsx";
import { SelectField } from "../ui/select.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { filterOf, kindNames, levelNames, orderNames, type QueueSearch, reasonNames } from "./queue-search.ts";

export type QueueChange = { readonly [K in keyof QueueSearch]?: QueueSearch[K] | undefined };

export interface QueueFiltersProps {
  readonly search: QueueSearch;
  readonly onChange: (change: QueueChange) => void;
}

/** What stands in a select for no filter. */
const every = "";
const fieldNames = ["merchant", "user", "ring"] as const;
type FieldName = (typeof fieldNames)[number];

/** One merchant, account or ring by its id. */
function NarrowField({ onChange }: Pick<QueueFiltersProps, "onChange">): ReactNode {
  const words = useAuthenticityWords().queue;
  const [field, setField] = useState<FieldName>("merchant");
  const [typed, setTyped] = useState("");
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (typed.trim() === "") return;
    onChange({ [field]: typed.trim() });
    setTyped("");
  };
  return (
    <form onSubmit={send} className="flex items-center gap-2 max-sm:w-full">
      <SelectField
        hideLabel
        label={words.field}
        value={field}
        options={fieldNames.map((value) => ({ value, label: words.fields[value] }))}
        onChange={setField}
      />
      <div className="w-36 max-sm:flex-1">
        <TextField
          label={words.fieldValue}
          hideLabel
          type="search"
          value={typed}
          onChange={setTyped}
          placeholder={words.fieldValue}
          maxLength={128}
        />
      </div>
      <Button type="submit" disabled={typed.trim() === ""}>
        {words.apply}
      </Button>
    </form>
  );
}

const nothing: QueueChange = {
  kind: undefined,
  reason: undefined,
  level: undefined,
  merchant: undefined,
  user: undefined,
  ring: undefined,
  appealed: undefined,
};

/** What the queue is narrowed to. */
function FilterRow({ search, onChange }: QueueFiltersProps): ReactNode {
  const all = useAuthenticityWords();
  const words = all.queue;
  const none = { value: every, label: words.every };
  const isNarrowed = Object.keys(filterOf(search)).length > 0;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SelectField
        inline
        label={words.kind}
        value={search.kind ?? every}
        options={[none, ...kindNames.map((value) => ({ value, label: all.kinds[value] }))]}
        onChange={(value) => onChange({ kind: kindNames.find((kind) => kind === value) })}
      />
      <SelectField
        inline
        label={words.reason}
        value={search.reason ?? every}
        options={[none, ...reasonNames.map((value) => ({ value, label: all.reasons[value].title }))]}
        onChange={(value) => onChange({ reason: reasonNames.find((reason) => reason === value) })}
      />
      <SelectField
        inline
        label={words.level}
        value={search.level ?? every}
        options={[
          { value: every, label: words.levels.all },
          ...levelNames.map((value) => ({ value, label: words.levels[value] })),
        ]}
        onChange={(value) => onChange({ level: levelNames.find((level) => level === value) })}
      />
      <CheckboxField
        label={words.onlyAppealed}
        checked={search.appealed === true}
        onChange={(checked) => onChange({ appealed: checked ? true : undefined })}
      />
      <NarrowField onChange={onChange} />
      {fieldNames.map((name) => {
        const id = search[name];
        return id === undefined ? null : (
          <FilterChip key={name} label={words.chips[name](id)} onRemove={() => onChange({ [name]: undefined })} />
        );
      })}
      {isNarrowed ? (
        <Button look="quiet" onClick={() => onChange(nothing)}>
          {words.clear}
        </Button>
      ) : null}
    </div>
  );
}

/** What comes first, and what the queue is narrowed to; a second look is a sample of everything. */
export function QueueFilters({ search, onChange }: QueueFiltersProps): ReactNode {
  const words = useAuthenticityWords().queue;
  return (
    <div className="mb-3 flex flex-col gap-2">
      <ChoiceChips
        label={words.order}
        value={search.order ?? "effect"}
        options={orderNames.map((value) => ({ value, label: words.orders[value] }))}
        onChange={(order) => onChange({ order: order === "effect" ? undefined : order })}
      />
      {search.order === "second-look" ? null : <FilterRow search={search} onChange={onChange} />}
    </div>
  );
}
