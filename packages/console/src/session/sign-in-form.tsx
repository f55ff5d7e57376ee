import type { Session } from "@probity/contract";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { sessionClient } from "../api/client.ts";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { FormProblem } from "./form-problem.tsx";

export interface SignInFormProps {
  readonly signIn: Session["signIn"];
  /** Where the identity provider sends the browser back to: a path of this server. */
  readonly returnTo: string;
  readonly onDone: () => void;
}

function CodeForm({ onDone, onBack }: { readonly onDone: () => void; readonly onBack: () => void }): ReactNode {
  const { t } = useVoice();
  const [code, setCode] = useState("");
  const send = useMutation({
    mutationFn: () => sessionClient.call("signInSecondFactor", { body: { code: code.trim() } }),
    onSuccess: onDone,
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (code.trim() !== "") send.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-ink-2">{t.session.codeLead}</p>
      <TextField
        label={t.session.code}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={40}
        autoFocus
        error={send.error === null ? undefined : problemWords(send.error, t)}
      />
      <div className="flex gap-2">
        <Button look="primary" type="submit" busy={send.isPending}>
          {t.session.codeSubmit}
        </Button>
        <Button look="quiet" onClick={onBack}>
          {t.session.back}
        </Button>
      </div>
    </form>
  );
}

function PasswordForm({ onNext }: { readonly onNext: (next: "done" | "second-factor") => void }): ReactNode {
  const { t } = useVoice();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: () => sessionClient.call("signIn", { body: { email: email.trim(), password } }),
    onSuccess: ({ next }) => onNext(next),
  });
  const emailError =
    email.trim() === "" ? t.session.required : /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : t.session.emailInvalid;
  const passwordError = password === "" ? t.session.required : undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (emailError === undefined && passwordError === undefined) send.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <TextField
        label={t.session.email}
        type="email"
        value={email}
        onChange={setEmail}
        autoComplete="username"
        maxLength={254}
        autoFocus
        error={tried ? emailError : undefined}
      />
      <TextField
        label={t.session.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        maxLength={1_000}
        error={tried ? passwordError : undefined}
      />
      <FormProblem error={send.error} />
      <Button look="primary" type="submit" full busy={send.isPending}>
        {t.session.submit}
      </Button>
    </form>
  );
}

/** Every way in: password and second factor, the identity provider, and in the demo without either. */
export function SignInForm({ signIn, returnTo, onDone }: SignInFormProps): ReactNode {
  const { t } = useVoice();
  const [step, setStep] = useState<"password" | "code">("password");
  const visit = useMutation({ mutationFn: () => sessionClient.call("signInVisitor", { body: {} }), onSuccess: onDone });
  if (step === "code") return <CodeForm onDone={onDone} onBack={() => setStep("password")} />;
  return (
    <div className="flex flex-col gap-4">
      {signIn.visitor ? (
        <>
          <div className="flex flex-col gap-1.5">
            <Button look="primary" full onClick={() => visit.mutate()} busy={visit.isPending}>
              {t.session.visitor}
            </Button>
            <p className="text-center text-xs text-ink-3">{t.session.visitorHint}</p>
          </div>
          <FormProblem error={visit.error} />
          <p className="flex items-center gap-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            {t.session.or}
          </p>
        </>
      ) : null}
      <PasswordForm onNext={(next) => (next === "done" ? onDone() : setStep("code"))} />
      {signIn.oidc === null ? null : (
        <a href={`/v1/session/oidc?returnTo=${encodeURIComponent(returnTo)}`} className="link text-center">
          {t.session.oidc(signIn.oidc.label)}
        </a>
      )}
    </div>
  );
}
