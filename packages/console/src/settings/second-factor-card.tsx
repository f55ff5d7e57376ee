import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { sessionClient } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { TextField } from "../ui/field.tsx";
import { notify } from "../ui/toast.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { type Enrolment, EnrolmentSteps } from "./enrolment-steps.tsx";
import { ProblemNote } from "./notes.tsx";
import { useSettingsWords } from "./settings-words.ts";

function PasswordStep(props: {
  readonly onEnrolled: (enrolment: Enrolment) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  // The answer holds secrets: it goes to the owner's state and is not kept with the mutation.
  const enrol = useMutation({
    mutationFn: async () => props.onEnrolled(await sessionClient.call("enrolSecondFactor", { body: { password } })),
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!enrol.isPending && password !== "") enrol.mutate();
  };
  return (
    <form onSubmit={submit} noValidate className="flex max-w-sm flex-col gap-3">
      <TextField
        label={words.password.now}
        hint={words.factor.passwordLead}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        autoFocus
        error={tried && password === "" ? t.session.required : undefined}
      />
      <ProblemNote error={enrol.error} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" busy={enrol.isPending}>
          {words.factor.next}
        </Button>
        <Button look="quiet" onClick={props.onCancel}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}

function Remove(): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const remove = useMutation({
    mutationFn: async () => {
      await sessionClient.call("removeSecondFactor", { body: { password } });
    },
    onSuccess: () => {
      notify({ title: words.factor.removed });
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      close();
    },
  });
  const close = (): void => {
    setOpen(false);
    setPassword("");
    setTried(false);
    remove.reset();
  };
  return (
    <>
      <div>
        <Button look="danger" onClick={() => setOpen(true)}>
          {words.factor.remove}
        </Button>
      </div>
      <ConfirmDialog
        open={open}
        title={words.factor.removeTitle}
        text={words.factor.removeText}
        submit={words.factor.remove}
        danger
        busy={remove.isPending}
        error={remove.error}
        onSubmit={() => {
          setTried(true);
          if (password !== "") remove.mutate();
        }}
        onClose={close}
      >
        <TextField
          label={words.password.now}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          autoFocus
          error={tried && password === "" ? t.session.required : undefined}
        />
      </ConfirmDialog>
    </>
  );
}

/** A code from the phone besides the password: taken on step by step, given up with the password. */
export function SecondFactorCard(): ReactNode {
  const { session } = useCurrent();
  const words = useSettingsWords().factor;
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const [enrolment, setEnrolment] = useState<Enrolment | undefined>(undefined);
  const stop = (): void => {
    setAsks(false);
    setEnrolment(undefined);
  };
  const isOn = session.secondFactor;
  return (
    <Card
      id="second-factor"
      title={words.title}
      aside={<Chip look={isOn ? "good" : "plain"}>{isOn ? words.isOn : words.isOff}</Chip>}
    >
      <div className="flex flex-col gap-3">
        {enrolment === undefined ? <p className="max-w-prose text-ink-2">{isOn ? words.on : words.off}</p> : null}
        {enrolment !== undefined ? (
          <EnrolmentSteps
            enrolment={enrolment}
            onCancel={stop}
            onDone={() => {
              stop();
              notify({ title: words.added });
              void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
            }}
          />
        ) : isOn ? (
          <Remove />
        ) : asks ? (
          <PasswordStep onEnrolled={setEnrolment} onCancel={stop} />
        ) : (
          <div>
            <Button onClick={() => setAsks(true)}>{words.begin}</Button>
          </div>
        )}
      </div>
    </Card>
  );
}
