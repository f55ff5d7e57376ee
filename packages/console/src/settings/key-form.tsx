import type { ApiKeyScope, EndpointAnswer } from "@probity/contract";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useId, useState } from "react";
import { clientFor } from "../api/client.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { CheckboxField } from "../ui/checkbox-field.tsx";
import { labelClass, TextField } from "../ui/field.tsx";
import { ProblemNote } from "./notes.tsx";
import { keyLabelCharsMax, scopeNames } from "./rights.ts";
import { useSettingsWords } from "./settings-words.ts";

interface ScopeChoiceProps {
  readonly chosen: ReadonlySet<ApiKeyScope>;
  readonly error: string | undefined;
  readonly onChange: (chosen: ReadonlySet<ApiKeyScope>) => void;
}

/** Rights that one has oneself: the server gives no others. */
function ScopeChoice({ chosen, error, onChange }: ScopeChoiceProps): ReactNode {
  const words = useSettingsWords();
  const { can } = useCurrent();
  const errorId = useId();
  const turn = (scope: ApiKeyScope, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(scope);
    else next.delete(scope);
    onChange(next);
  };
  return (
    <fieldset aria-describedby={error === undefined ? undefined : errorId} className="min-w-0">
      <legend className={`${labelClass} mb-1.5`}>{words.keys.scopes}</legend>
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {scopeNames
          .filter((scope) => can(scope))
          .map((scope) => (
            <CheckboxField
              key={scope}
              label={words.rights[scope]}
              checked={chosen.has(scope)}
              onChange={(on) => turn(scope, on)}
            />
          ))}
      </div>
      {error === undefined ? null : (
        <p id={errorId} role="alert" className="mt-1.5 text-xs font-medium text-cinnabar">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** A new key; its token goes to the owner's state and nowhere else. */
export function KeyForm({ onMade }: { readonly onMade: (made: EndpointAnswer<"createKey">) => void }): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords().keys;
  const { marketplace, can } = useCurrent();
  const usual = (): ReadonlySet<ApiKeyScope> => new Set(can("events:write") ? ["events:write"] : []);
  const [label, setLabel] = useState("");
  const [chosen, setChosen] = useState(usual);
  const [tried, setTried] = useState(false);
  const labelError = label.trim() === "" ? t.session.required : undefined;
  const scopesError = chosen.size === 0 ? words.scopesMissing : undefined;
  const create = useMutation({
    mutationFn: async () => {
      const scopes = scopeNames.filter((scope) => chosen.has(scope));
      onMade(await clientFor(marketplace.slug).call("createKey", { body: { label: label.trim(), scopes } }));
    },
    onSuccess: () => {
      setLabel("");
      setChosen(usual());
      setTried(false);
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (labelError === undefined && scopesError === undefined && !create.isPending) create.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="max-w-sm">
        <TextField
          label={words.label}
          hint={words.labelHint}
          value={label}
          onChange={setLabel}
          autoComplete="off"
          maxLength={keyLabelCharsMax}
          error={tried ? labelError : undefined}
        />
      </div>
      <ScopeChoice chosen={chosen} error={tried ? scopesError : undefined} onChange={setChosen} />
      <ProblemNote error={create.error} />
      <div>
        <Button look="primary" type="submit" busy={create.isPending}>
          {words.submit}
        </Button>
      </div>
    </form>
  );
}
