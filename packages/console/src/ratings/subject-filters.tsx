import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { categoriesQuery, type Kind } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { SelectField } from "../ui/select.tsx";
import { gradeNames, statusNames, type SubjectsSearch } from "./subjects-search.ts";

/** What stands in the select for no filter; no grade, status or category is empty. */
const every = "";

/** After the last key, so that a word is asked for and not each letter. */
const typingMs = 250;

export interface SubjectFiltersProps {
  readonly kind: Kind;
  readonly search: SubjectsSearch;
  readonly onChange: (change: { readonly [K in keyof SubjectsSearch]?: SubjectsSearch[K] | undefined }) => void;
}

function SearchField({ kind, search, onChange }: SubjectFiltersProps): ReactNode {
  const { t } = useVoice();
  const asked = search.q ?? "";
  const [typed, setTyped] = useState(asked);
  const [sent, setSent] = useState(asked);
  // Back and forward change the address; what one types changes it too, a moment later.
  if (asked !== sent) {
    setSent(asked);
    setTyped(asked);
  }
  useEffect(() => {
    if (typed === sent) return undefined;
    const timer = setTimeout(() => {
      setSent(typed);
      onChange({ q: typed.trim() === "" ? undefined : typed });
    }, typingMs);
    return () => clearTimeout(timer);
  }, [typed, sent, onChange]);
  return (
    <div className="w-64 max-sm:w-full">
      <TextField
        label={t.ratings.search[kind]}
        hideLabel
        type="search"
        value={typed}
        onChange={setTyped}
        placeholder={t.ratings.search[kind]}
        maxLength={100}
      />
    </div>
  );
}

export function SubjectFilters(props: SubjectFiltersProps): ReactNode {
  const { kind, search, onChange } = props;
  const { t } = useVoice();
  const { marketplace } = useCurrent();
  const categories = useQuery(categoriesQuery(marketplace.slug, kind));
  const chosen = search.category;
  const known = new Map((categories.data?.items ?? []).map(({ category, subjects }) => [category, subjects]));
  known.delete(null);
  if (chosen !== undefined && !known.has(chosen)) known.set(chosen, 0);
  const filtered = [search.q, search.grade, search.status, chosen].some((value) => value !== undefined);
  const all = { value: every, label: t.ratings.every };
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2">
      <SearchField {...props} />
      <SelectField
        inline
        label={t.ratings.grade}
        value={search.grade ?? every}
        options={[all, ...gradeNames.map((grade) => ({ value: grade, label: grade }))]}
        onChange={(value) => onChange({ grade: gradeNames.find((grade) => grade === value) })}
      />
      <SelectField
        inline
        label={t.ratings.status}
        value={search.status ?? every}
        options={[all, ...statusNames.map((status) => ({ value: status, label: t.ratings.statuses[status] }))]}
        onChange={(value) => onChange({ status: statusNames.find((status) => status === value) })}
      />
      <SelectField
        inline
        label={t.ratings.category}
        value={chosen ?? every}
        options={[
          all,
          ...[...known].flatMap(([category, subjects]) =>
            category === null ? [] : [{ value: category, label: t.ratings.inCategory(category, subjects) }],
          ),
        ]}
        onChange={(category) => onChange({ category: category === every ? undefined : category })}
      />
      {filtered ? (
        <Button
          look="quiet"
          onClick={() => onChange({ q: undefined, grade: undefined, status: undefined, category: undefined })}
        >
          {t.ratings.clear}
        </Button>
      ) : null}
    </div>
  );
}
