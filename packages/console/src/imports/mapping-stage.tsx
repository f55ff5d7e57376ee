import type { Mapping } from "@probity/mapping";
import type { ReactNode } from "react";
import type { Figures } from "../messages/figures.ts";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { download } from "../ui/csv.ts";
import { FileButton } from "../ui/file-drop.tsx";
import { TriangleAlert } from "../ui/icons.ts";
import { ColumnsCard } from "./columns-card.tsx";
import { type DeskState, loadMapping, setMapping, startImport, tryAll } from "./import-desk.ts";
import { MappingEditor } from "./mapping-editor.tsx";
import { PreviewCard } from "./preview-card.tsx";
import type { Opened } from "./protocol.ts";
import { RejectList } from "./reject-list.tsx";
import { TypeCounts } from "./type-counts.tsx";
import { type ImportWords, useImportWords } from "./import-words.ts";

export interface MappingStageProps {
  readonly desk: DeskState;
  readonly opened: Opened;
  readonly mapping: Mapping;
}

const formNames = { csv: "CSV", jsonl: "JSON Lines", parquet: "Parquet" } as const;
const delimiterNames: Readonly<Record<string, string>> = { ",": ",", ";": ";", "\t": "Tab", "|": "|" };

function sizeWords(bytes: number, words: ImportWords, f: Figures): string {
  if (bytes < 1_048_576) return words.kibibytes(f.decimal(bytes / 1_024, 1));
  return words.mebibytes(f.decimal(bytes / 1_048_576, 1));
}

function FilesCard({ opened }: { readonly opened: Opened }): ReactNode {
  const { f } = useVoice();
  const words = useImportWords();
  return (
    <Card id="import-files" title={words.files}>
      <ul className="flex flex-col gap-1">
        {opened.files.map(({ file, bytes, form, columns }) => (
          <li key={file} className="flex flex-wrap items-baseline gap-x-3">
            <bdi className="min-w-0 font-medium break-all">{file}</bdi>
            <span className="text-sm text-ink-3">
              {words.fileForm(formNames[form.format], columns)}
              {form.encoding === undefined ? null : ` · ${form.encoding.toUpperCase()}`}
              {form.delimiter === undefined || form.delimiter === ","
                ? null
                : ` · ${delimiterNames[form.delimiter] ?? form.delimiter}`}
              {form.header === false ? ` · ${words.noHeader}` : null}
              {` · ${sizeWords(bytes, words, f)}`}
            </span>
          </li>
        ))}
      </ul>
      {opened.left.length === 0 ? null : (
        <p className="mt-2 text-sm text-ink-2">{words.leftOut(opened.left.join(", "))}</p>
      )}
      {opened.kind === "olist" ? <p className="mt-2">{words.olist}</p> : null}
      {opened.kind === "events" ? <p className="mt-2">{words.eventsAlready}</p> : null}
      {opened.missing.length === 0 ? null : (
        <p role="alert" className="mt-2 font-medium text-cinnabar">
          {words.olistMissing(opened.missing.join(", "))}
        </p>
      )}
      {opened.notes.length === 0 ? null : (
        <>
          <h3 className="mt-4 mb-1 text-sm font-semibold">{words.look}</h3>
          <ul className="flex flex-col gap-1">
            {opened.notes.map((note) => (
              <li key={JSON.stringify(note)} className="flex gap-2 text-sm">
                <TriangleAlert size={14} aria-hidden className="mt-1 shrink-0 text-amber" />
                <span className="min-w-0 break-words">{words.notes[note.code](note.values)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function TriedCard({ desk }: { readonly desk: DeskState }): ReactNode {
  const words = useImportWords();
  const { tried } = desk;
  if (tried === undefined) return null;
  return (
    <Card id="import-tried" title={words.tryAll}>
      <p role="status" className="mb-3">
        {words.tried(tried.events, tried.rejected)}{" "}
        {tried.repeatedIds === 0 ? null : words.repeatedIds(tried.repeatedIds)}
      </p>
      <TypeCounts byType={tried.byType} />
      <RejectList rejects={tried.rejects} total={tried.rejected} />
    </Card>
  );
}

/** Between the file and the import: what was recognised, what it becomes, and how that would be judged. */
export function MappingStage({ desk, opened, mapping }: MappingStageProps): ReactNode {
  const words = useImportWords();
  const isMapped = opened.kind === "mapped" || opened.kind === "nothing";
  const issues = desk.checked?.issues ?? [];
  const ready = opened.missing.length === 0 && (!isMapped || (issues.length === 0 && !desk.checking));
  const save = (): void =>
    download(`${opened.files[0]?.file ?? "import"}.mapping.yaml`, "application/yaml", desk.checked?.text ?? "");
  return (
    <>
      <FilesCard opened={opened} />
      {isMapped ? (
        <>
          <ColumnsCard columns={opened.columns} mapping={mapping} />
          <MappingEditor mapping={mapping} opened={opened} issues={issues} onChange={setMapping} />
        </>
      ) : null}
      {opened.kind === "olist" ? null : <PreviewCard desk={desk} />}
      <TriedCard desk={desk} />
      {desk.mappingRefused === undefined ? null : (
        <p role="alert" className="text-cinnabar">
          <strong>{words.mappingRefused}</strong> {desk.mappingRefused}
        </p>
      )}
      <div className="sticky bottom-0 z-10 -mx-2 flex flex-wrap items-center gap-2 border-t border-line bg-paper px-2 py-3">
        <Button look="primary" disabled={!ready} onClick={startImport}>
          {desk.resumeAt > 0 ? words.resume(desk.resumeAt) : words.start}
        </Button>
        <Button disabled={!ready} busy={desk.trying} onClick={tryAll}>
          {desk.trying ? words.trying : words.tryAll}
        </Button>
        {isMapped ? (
          <>
            <Button look="quiet" onClick={save} disabled={desk.checked === undefined}>
              {words.saveMapping}
            </Button>
            <FileButton
              look="quiet"
              label={words.loadMapping}
              accept=".yaml,.yml,.json"
              onFiles={([file]) => {
                if (file !== undefined) void loadMapping(file);
              }}
            />
          </>
        ) : null}
        {isMapped && issues.length > 0 ? (
          <p role="status" className="text-sm font-medium text-cinnabar">
            {words.issues(issues.length)}
          </p>
        ) : null}
      </div>
    </>
  );
}
