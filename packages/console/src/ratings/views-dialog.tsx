import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import type { Plural } from "../shell/navigation.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { X } from "../ui/icons.ts";
import { notify } from "../ui/toast.tsx";
import { keepViews, type KeptView, readViews, viewNameChars, withView } from "./kept-views.ts";
import { sortOf, type SubjectsSearch } from "./subjects-search.ts";

export interface ViewsDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly marketplace: string;
  readonly plural: Plural;
  readonly search: SubjectsSearch;
}

/** What a view shows, in words. */
function wordsOf(search: SubjectsSearch, { t }: Voice): string {
  const sort = sortOf(search);
  const columns: Readonly<Record<string, string>> = t.ratings.columns;
  const parts = [
    search.q === undefined ? undefined : `“${search.q}”`,
    search.grade,
    search.status === undefined ? undefined : t.ratings.statuses[search.status],
    search.category,
    sort === undefined ? undefined : `${sort.descending ? "↓" : "↑"} ${columns[sort.id] ?? sort.id}`,
    search.pick === undefined ? undefined : t.ratings.picked(search.pick.length),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? t.ratings.viewEverything : parts.join(" · ");
}

/** Saved views of a list: opened, saved, and deleted with a way back. */
export function ViewsDialog({ open, onOpenChange, marketplace, plural, search }: ViewsDialogProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const [views, setViews] = useState(() => readViews(marketplace, plural));
  const [name, setName] = useState("");
  const trimmed = name.trim();
  const keep = (next: readonly KeptView[]): void => {
    setViews(next);
    keepViews(marketplace, plural, next);
  };
  const save = (): void => {
    keep(withView(views, { name: trimmed, search }));
    setName("");
    notify({ title: t.ratings.viewSaved(trimmed) });
  };
  const remove = (view: KeptView): void => {
    keep(views.filter((one) => one !== view));
    notify({
      title: t.ratings.viewDeleted(view.name),
      undo: { label: t.ui.undo, act: () => keep(withView(readViews(marketplace, plural), view)) },
    });
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t.ratings.views} description={t.ratings.viewsHint}>
      {views.length === 0 ? <p className="text-ink-2">{t.ratings.viewsNone}</p> : null}
      <ul>
        {views.map((view) => (
          <li key={view.name} className="flex items-center gap-2 border-t border-line py-2 first:border-t-0">
            <div className="min-w-0 flex-1">
              <Link
                to="/$marketplace/$plural"
                params={{ marketplace, plural }}
                search={view.search}
                onClick={() => onOpenChange(false)}
                className="link font-medium"
              >
                <bdi>{view.name}</bdi>
              </Link>
              <p className="truncate text-sm text-ink-2">{wordsOf(view.search, voice)}</p>
            </div>
            <IconButton icon={X} label={t.ratings.viewDelete(view.name)} onClick={() => remove(view)} />
          </li>
        ))}
      </ul>
      <form
        className="mt-3 flex items-end gap-2 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed !== "") save();
        }}
      >
        <div className="min-w-0 flex-1">
          <TextField
            label={t.ratings.viewName}
            value={name}
            onChange={setName}
            maxLength={viewNameChars}
            placeholder={wordsOf(search, voice)}
            hint={views.some((view) => view.name === trimmed) ? t.ratings.viewTaken : undefined}
          />
        </div>
        <Button look="primary" type="submit" disabled={trimmed === ""}>
          {t.ratings.viewSave}
        </Button>
      </form>
    </Dialog>
  );
}
