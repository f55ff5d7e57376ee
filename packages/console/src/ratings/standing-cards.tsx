import type { Explanation } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { placeLink } from "./place-link.tsx";
import { Seal } from "../ui/seal.tsx";

interface Part {
  readonly explanation: Explanation;
}

/** The quickest ways up, each with what it would bring. */
export function RaiseCard({ explanation }: Part): ReactNode {
  const { t, f } = useVoice();
  return (
    <Card id="raise" title={t.subject.raise}>
      {explanation.raise.length === 0 ? (
        <p className="text-ink-2">{t.subject.raiseNone}</p>
      ) : (
        <ol>
          {explanation.raise.map((raise) => (
            <li
              key={raise.indicator}
              className="grid grid-cols-[46px_1fr] gap-2.5 border-t border-line py-2 first:border-t-0 first:pt-0"
            >
              <strong className="font-bold text-jade">{f.signed(raise.points)}</strong>
              <span>{f.words(raise.text)}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** What is missing for a grade, and what holds it down. */
export function HoldsCard({ explanation }: Part): ReactNode {
  const { t, f } = useVoice();
  const { rating, rawGrade, caps, floor } = explanation;
  const held = rawGrade !== null && rating.grade !== null && rawGrade !== rating.grade;
  const early = rating.status === "too-early";
  if (!early && !held && caps.length === 0) return null;
  return (
    <Card id="holds" title={early ? t.subject.floor : t.subject.caps}>
      {early ? (
        <ul className="mb-2">
          {floor.map((item) => (
            <li
              key={item.metric}
              className="grid grid-cols-[1fr_120px_auto] items-center gap-3 border-t border-line py-1.5 first:border-t-0"
            >
              <span>{f.words(item.title)}</span>
              <ScoreBar value={Math.min(item.has, item.needs)} max={item.needs} low={item.has < item.needs} />
              <span className="min-w-16 text-end text-sm">{t.subject.floorHas(item.has, item.needs)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {held && rawGrade !== null && rating.grade !== null ? (
        <p className="text-ink-2">{t.subject.rawGrade(rawGrade, rating.grade)}</p>
      ) : null}
      {caps.map((cap) => (
        <p key={cap.redLine} className="mt-1 text-cinnabar">
          <strong className="font-semibold">{f.words(cap.title)}</strong> {t.subject.capText(cap.cap, f.day(cap.until))}
        </p>
      ))}
    </Card>
  );
}

export function CertificatesCard({ explanation }: Part): ReactNode {
  const { t, f } = useVoice();
  return (
    <Card id="certificates" title={t.subject.certificates}>
      {explanation.certificates.length === 0 ? <p className="text-ink-2">{t.subject.certificatesNone}</p> : null}
      <ul>
        {explanation.certificates.map((item) => (
          <li
            key={`${item.kind}-${item.number}-${item.authority}`}
            className="border-t border-line py-2 first:border-t-0 first:pt-0"
          >
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{t.subject.certificateKinds[item.kind] ?? item.kind}</span>
              <Chip look={item.valid ? "good" : "bad"}>{item.valid ? t.subject.valid : t.subject.expired}</Chip>
            </p>
            <p className="text-sm text-ink-2">
              <bdi>{item.authority}</bdi> {item.number}
              {" · "}
              {item.expires === null ? t.subject.noExpiry : t.subject.expires(f.day(item.expires))}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Spot checks of its goods by somebody else. */
export function InspectionsCard({ explanation, marketplace }: Part & { readonly marketplace: string }): ReactNode {
  const { t, f } = useVoice();
  const toPlace = placeLink(marketplace);
  return (
    <Card id="inspections" title={t.subject.inspections}>
      {explanation.inspections.length === 0 ? <p className="text-ink-2">{t.subject.inspectionsNone}</p> : null}
      <ul>
        {explanation.inspections.map((item) => (
          <li key={item.id} className="border-t border-line py-2 first:border-t-0 first:pt-0">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">
                <bdi>{item.authority}</bdi>
              </span>
              <Chip look={item.passed ? "good" : "bad"}>
                {item.passed ? t.subject.inspectionPassed : t.subject.inspectionFailed}
              </Chip>
            </p>
            <p className="text-sm wrap-anywhere text-ink-2">
              {f.day(item.day)} · <bdi>{item.finding ?? item.product}</bdi>
              {item.events.map((seq) => (
                <span key={seq} className="ms-2 font-mono text-xs">
                  {toPlace(seq, f.count(seq))}
                </span>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function LinkedCard({ explanation, marketplace }: Part & { readonly marketplace: string }): ReactNode {
  const { t } = useVoice();
  if (explanation.linked.length === 0) return null;
  return (
    <Card id="linked" title={t.subject.linked}>
      <ul>
        {explanation.linked.map((item) => (
          <li
            key={item.id}
            className="flex flex-wrap items-center gap-3 border-t border-line py-2 first:border-t-0 first:pt-0"
          >
            <Seal grade={item.grade} />
            <Link
              to="/$marketplace/$plural/$id"
              params={{ marketplace, plural: "merchants", id: item.id }}
              className="link"
            >
              {item.id}
            </Link>
            <Chip look={item.cap ? "bad" : "plain"}>{item.cap ? t.subject.linkedCap : t.subject.linkedFree}</Chip>
          </li>
        ))}
      </ul>
    </Card>
  );
}
