import type { Explanation } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import type { Plural } from "../shell/navigation.ts";
import { usePageTitle } from "../shell/page-head.tsx";
import { BoundedNumber } from "../ui/bounded-number.tsx";
import { Chip } from "../ui/chip.tsx";
import { TextField } from "../ui/field.tsx";
import { Seal } from "../ui/seal.tsx";

export interface SubjectHeaderProps {
  readonly explanation: Explanation;
  readonly marketplace: string;
  readonly plural: Plural;
  readonly on: string | undefined;
  readonly onDay: (on: string | undefined) => void;
}

function Facts({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { t, f } = useVoice();
  const { rating, peers, certificates, caps } = explanation;
  const licence = certificates.find(({ kind, valid }) => kind === "licence" && valid);
  const rank = peers === null ? undefined : peers.category === null ? t.subject.rankAll : t.subject.rank;
  return (
    <>
      <p className="text-ink-2">
        {[
          t.subject.orders(rating.orders),
          ...(rating.kind === "merchant" ? [t.subject.buyers(rating.buyers)] : []),
          t.subject.asOf(f.day(rating.day)),
        ].join(" · ")}
      </p>
      <div className="mt-1.5 flex flex-wrap gap-2">
        {rating.status === "too-early" ? <Chip look="warn">{t.ui.tooEarly}</Chip> : null}
        {peers === null || rank === undefined ? null : <Chip>{rank(peers.rank, peers.of)}</Chip>}
        {licence === undefined ? null : (
          <Chip look="good">
            {[
              t.subject.certificateKinds["licence"],
              licence.expires === null ? t.subject.valid : t.subject.expires(f.day(licence.expires)),
            ].join(" · ")}
          </Chip>
        )}
        {caps.map((cap) => (
          <Chip key={cap.redLine} look="bad">
            {f.words(cap.title)}
          </Chip>
        ))}
      </div>
    </>
  );
}

interface CrumbsProps extends Pick<SubjectHeaderProps, "marketplace" | "plural" | "on"> {
  readonly rating: Explanation["rating"];
}

/** Where it stands, and the way to its report. */
function Crumbs({ rating, marketplace, plural, on }: CrumbsProps): ReactNode {
  const { t } = useVoice();
  return (
    <nav aria-label={t.subject.crumb} className="flex flex-wrap gap-x-1.5 text-sm text-ink-3">
      <Link
        to="/$marketplace/$plural"
        params={{ marketplace, plural }}
        className="text-ink-3 no-underline hover:underline"
      >
        {t.pages[plural]}
      </Link>
      <span aria-hidden>/</span>
      {rating.category === null ? (
        <span>{t.ratings.noCategory}</span>
      ) : (
        <Link
          to="/$marketplace/$plural"
          params={{ marketplace, plural }}
          search={{ category: rating.category }}
          className="text-ink-3 no-underline hover:underline"
        >
          {rating.category}
        </Link>
      )}
      <span aria-hidden>/</span>
      <span>{rating.id}</span>
      <Link
        to="/$marketplace/$plural/$id/report"
        params={{ marketplace, plural, id: rating.id }}
        search={on === undefined ? {} : { on }}
        className="link ms-auto"
      >
        {t.subject.report}
      </Link>
    </nav>
  );
}

export function SubjectHeader({ explanation, marketplace, plural, on, onDay }: SubjectHeaderProps): ReactNode {
  const { t, f } = useVoice();
  const { rating, peers } = explanation;
  const title = rating.name ?? rating.id;
  usePageTitle(title);
  return (
    <header className="mb-4">
      <Crumbs rating={rating} marketplace={marketplace} plural={plural} on={on} />
      <div className="mt-2.5 flex flex-wrap items-center gap-x-5 gap-y-4">
        <Seal grade={rating.grade} size="large" />
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-[22px] leading-tight font-semibold">
            <bdi>{title}</bdi>
          </h1>
          <Facts explanation={explanation} />
        </div>
        <div className="w-64 max-sm:w-full">
          <BoundedNumber
            score={rating.score}
            bound={rating.bound}
            max={1_000}
            peers={peers?.median ?? null}
            size="large"
          />
          {rating.status === "too-early" ? <p className="mt-1 text-xs text-ink-3">{t.subject.provisional}</p> : null}
        </div>
        <div className="w-36">
          <TextField
            label={t.subject.onDay}
            type="date"
            value={on ?? rating.day}
            {...(on === undefined ? { max: rating.day } : {})}
            onChange={(day) => onDay(day === "" ? undefined : day)}
          />
        </div>
      </div>
      {on === undefined ? null : (
        <p role="status" className="mt-3 flex flex-wrap gap-3 rounded-control bg-sky-soft px-3 py-1.5 text-sm text-sky">
          {t.subject.pastDay(f.day(on))}
          <button type="button" className="underline" onClick={() => onDay(undefined)}>
            {t.subject.toToday}
          </button>
        </p>
      )}
    </header>
  );
}
