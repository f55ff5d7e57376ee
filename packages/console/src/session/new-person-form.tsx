import { useMutation } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { sessionClient } from "../api/client.ts";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { FormProblem } from "./form-problem.tsx";

/** The contract's least length of a new password; a test keeps it equal. */
export const passwordCharsMin = 12;
const emailCharsMax = 254;

export interface NewPersonFormProps {
  /** The first person types the setup code and an address; an invited one came with a token. */
  readonly invite?: string;
  readonly onDone: () => void;
}

interface Draft {
  readonly setupCode: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

interface FieldsProps {
  readonly draft: Draft;
  readonly isFirst: boolean;
  readonly errorOf: (part: keyof Draft) => string | undefined;
  readonly set: (part: keyof Draft) => (value: string) => void;
}

function Fields({ draft, isFirst, errorOf, set }: FieldsProps): ReactNode {
  const { t } = useVoice();
  const field = (part: keyof Draft) => ({ value: draft[part], onChange: set(part), error: errorOf(part) });
  return (
    <>
      {isFirst ? (
        <>
          <TextField label={t.session.setupCode} {...field("setupCode")} autoComplete="off" autoFocus />
          <TextField
            label={t.session.email}
            {...field("email")}
            type="email"
            autoComplete="username"
            maxLength={emailCharsMax}
          />
        </>
      ) : null}
      <TextField label={t.session.name} {...field("name")} autoComplete="name" maxLength={200} />
      <TextField
        label={t.session.newPassword}
        {...field("password")}
        type="password"
        autoComplete="new-password"
        hint={t.session.newPasswordHint(passwordCharsMin)}
      />
    </>
  );
}

export function NewPersonForm({ invite, onDone }: NewPersonFormProps): ReactNode {
  const { t } = useVoice();
  const [draft, setDraft] = useState<Draft>({ setupCode: "", email: "", name: "", password: "" });
  const [tried, setTried] = useState(false);
  const isFirst = invite === undefined;
  const send = useMutation({
    mutationFn: () => {
      const [name, password] = [draft.name.trim(), draft.password];
      return isFirst
        ? sessionClient.call("setUpFirstPerson", {
            body: { setupCode: draft.setupCode.trim(), email: draft.email.trim(), name, password },
          })
        : sessionClient.call("acceptInvite", { body: { token: invite, name, password } });
    },
    onSuccess: onDone,
  });
  const missing = (value: string): string | undefined => (value.trim() === "" ? t.session.required : undefined);
  const errors = {
    setupCode: isFirst ? missing(draft.setupCode) : undefined,
    email: isFirst && !/^\S+@\S+\.\S+$/.test(draft.email.trim()) ? t.session.emailInvalid : undefined,
    name: missing(draft.name),
    password: draft.password.length < passwordCharsMin ? t.session.tooShort(passwordCharsMin) : undefined,
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.values(errors).every((error) => error === undefined)) send.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Fields
        draft={draft}
        isFirst={isFirst}
        errorOf={(part) => (tried ? errors[part] : undefined)}
        set={(part) => (value) => setDraft((before) => ({ ...before, [part]: value }))}
      />
      <FormProblem error={send.error} />
      <Button look="primary" type="submit" full busy={send.isPending}>
        {isFirst ? t.session.firstRunSubmit : t.session.inviteSubmit}
      </Button>
    </form>
  );
}
