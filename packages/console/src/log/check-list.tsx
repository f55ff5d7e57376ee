import type { CheckStep, Finding } from "@probity/verifier/tlog/findings";
import type { TrustedCheckpoint } from "@probity/verifier/tlog/checkpoint";
import { hex } from "@probity/verifier/tlog/bytes";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import type { ReactNode } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Check, Minus, X } from "../ui/icons.ts";
import { type LogWords, useLogWords } from "./log-words.ts";

const steps: readonly CheckStep[] = ["policy", "form", "checkpoint", "place", "content"];
const rootSigns = 12;

/** What was checked of a proof that holds, and its content in words. */
export interface Held {
  readonly policy: TrustPolicy;
  readonly checkpoint: TrustedCheckpoint;
  readonly index: number;
  readonly content: string;
}

function detailsOf(
  { policy, checkpoint, index, content }: Held,
  words: LogWords["check"],
  { f }: Voice,
): Readonly<Record<CheckStep, string>> {
  const nameOf = new Map(policy.witnesses.map(({ name, key }) => [key, name]));
  const cosigned = checkpoint.signed.flatMap(({ key, timeS }) =>
    timeS === null ? [] : [`${nameOf.get(key) ?? key.name} (${f.moment(new Date(timeS * 1_000).toISOString())})`],
  );
  const signer = checkpoint.signed.find(({ timeS }) => timeS === null);
  const by = cosigned.length === 0 ? words.cosignedNone : words.cosigned(cosigned.join(", "));
  return {
    policy: words.policy(
      policy.logs.length,
      policy.witnesses.length,
      policy.quorum === "none" ? words.quorumNone : policy.quorum,
    ),
    form: words.form,
    checkpoint: words.signed(signer?.key.name ?? checkpoint.origin, by),
    place: words.place(index, checkpoint.size, hex(checkpoint.root).slice(0, rootSigns)),
    content,
  };
}

export interface CheckListProps {
  readonly finding: Finding<unknown>;
  /** Undefined where it does not hold. */
  readonly held: Held | undefined;
}

/** Every step with what came of it: by its sign, by its word and by what was found. */
export function CheckList({ finding, held }: CheckListProps): ReactNode {
  const voice = useVoice();
  const words = useLogWords().check;
  const details = held === undefined ? undefined : detailsOf(held, words, voice);
  const failed = finding.isRight ? steps.length : steps.indexOf(finding.step);
  return (
    <ol className="flex flex-col gap-2">
      {steps.map((step, place) => {
        const Glyph = place < failed ? Check : place === failed ? X : Minus;
        const colour = place < failed ? "text-jade" : place === failed ? "text-cinnabar" : "text-ink-3";
        return (
          <li key={step} className="grid grid-cols-[18px_minmax(0,1fr)] gap-x-2">
            <Glyph size={15} aria-hidden className={`mt-0.5 ${colour}`} />
            <div className="min-w-0">
              <p className="text-sm font-medium">{words.steps[step]}</p>
              {details !== undefined ? (
                <p className="text-sm wrap-anywhere text-ink-2">{details[step]}</p>
              ) : place > failed ? (
                <p className="text-sm text-ink-3">{words.unreached}</p>
              ) : place === failed && !finding.isRight ? (
                <p lang="en" className="font-mono text-xs wrap-anywhere text-cinnabar">
                  {finding.message}
                </p>
              ) : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

export interface CheckLimitsProps {
  readonly limits: readonly (keyof LogWords["check"]["limits"])[];
  /** Marketplace of a receipt, which can be checked elsewhere too. */
  readonly receiptOf?: string;
}

/** What a check does not prove, as a list. */
export function CheckLimits({ limits, receiptOf }: CheckLimitsProps): ReactNode {
  const words = useLogWords().check;
  return (
    <div className="text-sm">
      <p className="font-medium">{words.not}</p>
      <ul className="mt-1 list-disc ps-4 text-ink-2 marker:text-line-strong">
        {limits.map((limit) => (
          <li key={limit} className="py-0.5">
            {words.limits[limit]}
          </li>
        ))}
      </ul>
      {receiptOf === undefined ? null : (
        <a
          href={`/verify?log=${encodeURIComponent(receiptOf)}`}
          target="_blank"
          rel="noreferrer"
          className="link mt-1 inline-block"
        >
          {words.elsewhere}
        </a>
      )}
    </div>
  );
}
