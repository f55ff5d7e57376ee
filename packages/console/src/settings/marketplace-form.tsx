import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, type SubmitEvent, useMemo, useState } from "react";
import { sessionClient } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { CheckboxField } from "../ui/checkbox-field.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { labelClass, TextField } from "../ui/field.tsx";
import { SelectField } from "../ui/select.tsx";
import { notify } from "../ui/toast.tsx";
import { ProblemNote } from "./notes.tsx";
import { currencyCodes, isSlug, marketplaceNameCharsMax } from "./rights.ts";
import { useSettingsWords } from "./settings-words.ts";

type Clock = "wall" | "log";

interface Draft {
  readonly name: string;
  readonly slug: string;
  readonly currency: string;
  readonly clock: Clock;
  readonly isPublic: boolean;
}

interface PartProps {
  readonly draft: Draft;
  readonly set: (part: Partial<Draft>) => void;
}

/** Codes with their names in the reader's language: typing the letters finds one. */
function CurrencyField({ draft, set }: PartProps): ReactNode {
  const { locale } = useVoice();
  const words = useSettingsWords().markets;
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: "currency", fallback: "none" });
    return currencyCodes.map((value) => {
      const name = names.of(value);
      return { value, label: name === undefined ? value : `${value} · ${name}` };
    });
  }, [locale]);
  return (
    <div>
      <SelectField
        label={words.currency}
        value={draft.currency}
        options={options}
        onChange={(currency) => set({ currency })}
      />
      <p className="mt-1 text-xs text-ink-3">{words.currencyHint}</p>
    </div>
  );
}

function ClockField({ draft, set }: PartProps): ReactNode {
  const words = useSettingsWords().markets;
  return (
    <div>
      <p aria-hidden className={`${labelClass} mb-1`}>
        {words.clock}
      </p>
      <ChoiceChips
        label={words.clock}
        value={draft.clock}
        options={(["wall", "log"] as const).map((value) => ({ value, label: words.clocks[value] }))}
        onChange={(clock) => set({ clock })}
      />
      <p className="mt-1 text-xs text-ink-3" aria-live="polite">
        {words.clockHints[draft.clock]}
      </p>
    </div>
  );
}

/** Makes the marketplace, takes up the right to it, and goes on to where its events come from. */
function useMake(draft: Draft) {
  const words = useSettingsWords().markets;
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      const { slug } = await sessionClient.call("createMarketplace", {
        body: { ...draft, slug: draft.slug.trim(), name: draft.name.trim() },
      });
      await queries.query({ ...sessionQuery, staleTime: 0 });
      return slug;
    },
    onSuccess: async (slug) => {
      notify({ title: words.made(draft.name.trim()) });
      await navigate({ to: "/$marketplace/import", params: { marketplace: slug } });
    },
  });
}

/** Another marketplace, of which one is the admin. */
export function MarketplaceForm(): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords().markets;
  const { marketplace } = useCurrent();
  const [draft, setDraft] = useState<Draft>({
    name: "",
    slug: "",
    currency: marketplace.currency,
    clock: "wall",
    isPublic: true,
  });
  const [tried, setTried] = useState(false);
  const set = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const make = useMake(draft);
  const nameError = draft.name.trim() === "" ? t.session.required : undefined;
  const slugError = isSlug(draft.slug.trim()) ? undefined : words.slugWrong;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (nameError === undefined && slugError === undefined && !make.isPending) make.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex max-w-md flex-col gap-4">
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={draft.name}
        onChange={(name) => set({ name })}
        autoComplete="off"
        maxLength={marketplaceNameCharsMax}
        error={tried ? nameError : undefined}
      />
      <TextField
        label={words.slug}
        hint={words.slugHint}
        value={draft.slug}
        onChange={(slug) => set({ slug: slug.toLowerCase() })}
        autoComplete="off"
        maxLength={63}
        error={tried ? slugError : undefined}
      />
      <CurrencyField draft={draft} set={set} />
      <ClockField draft={draft} set={set} />
      <CheckboxField label={words.isPublic} checked={draft.isPublic} onChange={(isPublic) => set({ isPublic })} />
      <ProblemNote error={make.error} />
      <div>
        <Button look="primary" type="submit" busy={make.isPending}>
          {words.submit}
        </Button>
      </div>
    </form>
  );
}
