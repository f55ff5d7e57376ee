import type { Dossier } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip, type ChipLook } from "../ui/chip.tsx";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";

/** A subject is spoken of from here on. */
const topicMin = 300;
/** Moods nearer to the middle than this are even. */
const moodMin = 200;

type Reading = NonNullable<Dossier["reading"]>;

const moodOf = (sentiment: number): keyof AuthenticityWords["dossier"]["moods"] =>
  sentiment <= -moodMin ? "bad" : sentiment >= moodMin ? "good" : "even";
const moodLooks: Readonly<Record<ReturnType<typeof moodOf>, ChipLook>> = { bad: "bad", even: "plain", good: "good" };

export const topicNames = ["delivery", "quality", "described", "service", "price"] as const;

function ReadingLine({ reading }: { readonly reading: Reading }): ReactNode {
  const words = useAuthenticityWords().dossier;
  const { f } = useVoice();
  const mood = moodOf(reading.sentiment);
  const spoken = topicNames.filter((name) => reading.topics[name] >= topicMin);
  return (
    <dl className="mt-3 flex flex-wrap items-baseline gap-x-6 gap-y-1.5 border-t border-line pt-3 text-sm">
      <div className="flex items-baseline gap-2">
        <dt className="text-ink-3">{words.sentiment}</dt>
        <dd>
          <Chip look={moodLooks[mood]}>
            {words.moods[mood]} {f.signed(reading.sentiment)}
          </Chip>
        </dd>
      </div>
      <div className="flex flex-wrap items-baseline gap-2">
        <dt className="text-ink-3">{words.topics}</dt>
        <dd className="flex flex-wrap gap-1">
          {spoken.length === 0
            ? words.topicsNone
            : spoken
                .toSorted((one, other) => reading.topics[other] - reading.topics[one])
                .map((name) => (
                  <Chip key={name}>{`${words.topicNames[name]} ${f.percent(reading.topics[name] * 1_000)}`}</Chip>
                ))}
        </dd>
      </div>
      <div className="flex items-baseline gap-2">
        <dt className="text-ink-3">{words.language}</dt>
        <dd>{words.languages[reading.language]}</dd>
      </div>
    </dl>
  );
}

/** Title and text as they were written; long ones scroll. */
export function WordsText({
  words,
}: {
  readonly words: { readonly title: string | null; readonly text: string | null };
}) {
  return (
    <>
      {words.title === null ? null : (
        <p className="font-semibold break-words" dir="auto">
          {words.title}
        </p>
      )}
      {words.text === null ? null : (
        <p className="break-words whitespace-pre-wrap" dir="auto">
          {words.text}
        </p>
      )}
    </>
  );
}

/** What a review says, and what was read in it. */
export function WordsCard({ words: said, reading }: Pick<Dossier, "words" | "reading">): ReactNode {
  const words = useAuthenticityWords().dossier;
  const hasWords = said !== null && (said.title !== null || said.text !== null);
  return (
    <Card id="words" title={words.words}>
      {hasWords ? (
        // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        <div className="max-h-80 overflow-y-auto" tabIndex={0} role="group" aria-label={words.words}>
          <WordsText words={said} />
        </div>
      ) : (
        <p className="text-ink-2">{words.wordsNone}</p>
      )}
      {reading === null ? null : <ReadingLine reading={reading} />}
    </Card>
  );
}
