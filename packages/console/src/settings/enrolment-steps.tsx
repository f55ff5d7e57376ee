import type { EndpointAnswer } from "@probity/contract";
import { useMutation } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { sessionClient } from "../api/client.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { download } from "../ui/csv.ts";
import { TextField } from "../ui/field.tsx";
import { ArrowDownToLine } from "../ui/icons.ts";
import { patiently } from "../ui/patient-load.ts";
import { ProblemNote } from "./notes.tsx";
import { SecretText } from "./secret-text.tsx";
import { useSettingsWords } from "./settings-words.ts";

export type Enrolment = EndpointAnswer<"enrolSecondFactor">;

const QrCode = lazy(async () => ({ default: (await patiently(() => import("../ui/qr-code.tsx"))).QrCode }));

export interface EnrolmentStepsProps {
  readonly enrolment: Enrolment;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

function Step({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const headId = useId();
  return (
    <li aria-labelledby={headId} className="border-t border-line pt-4 first:border-t-0 first:pt-0">
      <h3 id={headId} className="mb-2 font-semibold">
        {title}
      </h3>
      {children}
    </li>
  );
}

function ScanStep({ uri, secret }: Pick<Enrolment, "uri" | "secret">): ReactNode {
  const words = useSettingsWords().factor;
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="min-h-56 min-w-56">
        <Suspense>
          <QrCode text={uri} label={words.qr} />
        </Suspense>
      </div>
      <div className="min-w-0 flex-1 basis-56">
        <p className="mb-2 text-ink-2">{words.typed}</p>
        <SecretText text={secret} shown={secret.match(/.{1,4}/g)?.join(" ") ?? secret} />
      </div>
    </div>
  );
}

function RecoveryStep({ recoveryCodes }: Pick<Enrolment, "recoveryCodes">): ReactNode {
  const words = useSettingsWords().factor;
  const { session } = useCurrent();
  const codes = recoveryCodes.join("\n");
  const save = (): void =>
    download(
      `${words.fileName}.txt`,
      "text/plain;charset=utf-8",
      `${words.fileHead(session.person?.email ?? session.person?.name ?? "")}\n\n${codes}\n`,
    );
  return (
    <div className="max-w-md">
      <p className="mb-2 max-w-prose text-ink-2">{words.recoveryLead(recoveryCodes.length)}</p>
      <SecretText text={codes}>
        <Button small icon={ArrowDownToLine} onClick={save}>
          {words.download}
        </Button>
      </SecretText>
    </div>
  );
}

/** From the secret to a second factor that is known to work. The secrets live as long as this stands on the page. */
export function EnrolmentSteps({ enrolment, onDone, onCancel }: EnrolmentStepsProps): ReactNode {
  const { t } = useVoice();
  const all = useSettingsWords();
  const words = all.factor;
  const top = useRef<HTMLOListElement>(null);
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  // The form that had the focus is gone: reading goes on at the first step.
  useEffect(() => top.current?.focus(), []);
  const confirm = useMutation({
    mutationFn: async () => {
      await sessionClient.call("confirmSecondFactor", { body: { code: code.trim() } });
    },
    onSuccess: onDone,
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!confirm.isPending && code.trim() !== "") confirm.mutate();
  };
  return (
    <ol ref={top} tabIndex={-1} aria-label={words.title} className="flex flex-col gap-4 outline-none">
      <Step title={words.scan}>
        <ScanStep {...enrolment} />
      </Step>
      <Step title={words.recovery}>
        <RecoveryStep {...enrolment} />
      </Step>
      <Step title={words.confirm}>
        <form onSubmit={submit} noValidate className="flex max-w-sm flex-col gap-3">
          <TextField
            label={t.session.code}
            value={code}
            onChange={setCode}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={40}
            error={tried && code.trim() === "" ? t.session.required : undefined}
          />
          <ProblemNote error={confirm.error} />
          <div className="flex flex-wrap gap-2">
            <Button look="primary" type="submit" busy={confirm.isPending}>
              {words.confirmSubmit}
            </Button>
            <Button look="quiet" onClick={onCancel}>
              {all.cancel}
            </Button>
          </div>
        </form>
      </Step>
    </ol>
  );
}
