import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { sessionClient } from "../api/client.ts";
import { sessionsQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { passwordCharsMin } from "../session/new-person-form.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { TextField } from "../ui/field.tsx";
import { notify } from "../ui/toast.tsx";
import { ProblemNote } from "./notes.tsx";
import { passwordCharsMax } from "./rights.ts";
import { useSettingsWords } from "./settings-words.ts";

interface Draft {
  readonly now: string;
  readonly next: string;
  readonly again: string;
}

const empty: Draft = { now: "", next: "", again: "" };
type Errors = Readonly<Record<keyof Draft, string | undefined>>;

function useErrors({ now, next, again }: Draft): Errors {
  const { t } = useVoice();
  const words = useSettingsWords().password;
  const tooLong = next.length > passwordCharsMax ? words.tooLong(passwordCharsMax) : undefined;
  return {
    now: now === "" ? t.session.required : undefined,
    next: next.length < passwordCharsMin ? t.session.tooShort(passwordCharsMin) : tooLong,
    again: again === next ? undefined : words.differs,
  };
}

/** A new password; one's other sessions end with the old one. */
export function PasswordCard(): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords().password;
  const { session } = useCurrent();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(empty);
  const [tried, setTried] = useState(false);
  const errors = useErrors(draft);
  const change = useMutation({
    mutationFn: async () => {
      await sessionClient.call("changePassword", { body: { password: draft.now, newPassword: draft.next } });
    },
    onSuccess: () => {
      setDraft(empty);
      setTried(false);
      notify({ title: words.done, text: words.doneText });
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!change.isPending && Object.values(errors).every((error) => error === undefined)) change.mutate();
  };
  const field = (part: keyof Draft) => ({
    type: "password" as const,
    value: draft[part],
    error: tried ? errors[part] : undefined,
    onChange: (value: string) => setDraft((before) => ({ ...before, [part]: value })),
  });
  const { oidc } = session.signIn;
  return (
    <Card id="password" title={words.title} hint={oidc === null ? undefined : words.oidc(oidc.label)}>
      <form onSubmit={submit} noValidate className="flex max-w-sm flex-col gap-4">
        <TextField label={words.now} {...field("now")} autoComplete="current-password" />
        <TextField
          label={t.session.newPassword}
          {...field("next")}
          autoComplete="new-password"
          hint={t.session.newPasswordHint(passwordCharsMin)}
        />
        <TextField label={words.again} {...field("again")} autoComplete="new-password" />
        <ProblemNote error={change.error} />
        <div>
          <Button look="primary" type="submit" busy={change.isPending}>
            {words.submit}
          </Button>
        </div>
      </form>
    </Card>
  );
}
