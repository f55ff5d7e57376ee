import { type ReactNode, useState } from "react";
import { Banner } from "./banner.tsx";
import { Button, IconButton } from "./button.tsx";
import { Card } from "./card.tsx";
import { CheckboxField } from "./checkbox-field.tsx";
import { Chip, ChoiceChips, FilterChip } from "./chip.tsx";
import { type Command, CommandPalette, fitting } from "./command-palette.tsx";
import { CopyText } from "./copy-text.tsx";
import { DateRange, type DateRangeValue } from "./date-range.tsx";
import { Dialog } from "./dialog.tsx";
import { Drawer } from "./drawer.tsx";
import { TextArea, TextField } from "./field.tsx";
import { FileDrop } from "./file-drop.tsx";
import { Columns3, Inbox, WifiOff } from "./icons.ts";
import { Menu } from "./menu.tsx";
import { NumberField } from "./number-field.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { SelectField } from "./select.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { EmptyState, ErrorState, Skeleton } from "./states.tsx";
import { Tabs } from "./tabs.tsx";
import { notify } from "./toast.tsx";

/** What happened, for the test to read. */
function Said({ words }: { readonly words: string }): ReactNode {
  return (
    <p id="said" className="mt-4">
      {words}
    </p>
  );
}

function Buttons(): ReactNode {
  const [count, setCount] = useState(0);
  const [busy, setBusy] = useState(false);
  const more = (): void => setCount((before) => before + 1);
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={more}>
          Save
        </Button>
        <Button onClick={more} icon={Inbox}>
          Plain
        </Button>
        <Button look="quiet" onClick={more}>
          Quiet
        </Button>
        <Button look="danger" onClick={more} small>
          Delete
        </Button>
        <Button disabled onClick={more}>
          Disabled
        </Button>
        <Button
          busy={busy}
          onClick={() => {
            setBusy(true);
            more();
          }}
        >
          Send
        </Button>
        <IconButton icon={Columns3} label="Columns" onClick={more} pressed={count > 0} />
      </div>
      <Said words={`pressed ${count}`} />
    </>
  );
}

function Fields(): ReactNode {
  const [text, setText] = useState("");
  const [area, setArea] = useState("{}");
  const [number, setNumber] = useState<number | null>(7);
  const [checked, setChecked] = useState(false);
  const [grade, setGrade] = useState<"" | "AA" | "B">("");
  return (
    <div className="flex max-w-sm flex-col gap-4">
      <TextField
        label="Name"
        value={text}
        onChange={setText}
        hint="As on the sign"
        error={text === "x" ? "Too short." : undefined}
      />
      <TextArea label="Event" value={area} onChange={setArea} code error={area === "" ? "Not JSON." : undefined} />
      <NumberField label="Days" value={number} onChange={setNumber} min={1} max={10} />
      <CheckboxField label="Only open ones" checked={checked} onChange={setChecked} />
      <SelectField
        label="Grade"
        value={grade}
        options={[
          { value: "", label: "All" },
          { value: "AA", label: "AA" },
          { value: "B", label: "B" },
        ]}
        onChange={setGrade}
      />
      <Said words={JSON.stringify({ text, area, number, checked, grade })} />
    </div>
  );
}

function Dialogs(): ReactNode {
  const [open, setOpen] = useState<"" | "plain" | "firm" | "drawer">("");
  const [text, setText] = useState("");
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setOpen("plain")}>Open</Button>
      <Button onClick={() => setOpen("firm")}>Open firm</Button>
      <Button onClick={() => setOpen("drawer")}>Open drawer</Button>
      <Dialog
        open={open === "plain" || open === "firm"}
        onOpenChange={() => setOpen("")}
        title="Set aside"
        description="It can be found again."
        firm={open === "firm"}
        actions={<Button look="primary">Go on</Button>}
      >
        <TextField label="Reason" value={text} onChange={setText} />
      </Dialog>
      <Drawer open={open === "drawer"} onOpenChange={() => setOpen("")} title="Navigation">
        <a href="#here" className="mt-14 p-4">
          Merchants
        </a>
      </Drawer>
      <Said words={`open ${open}, typed ${text}`} />
    </div>
  );
}

function Toasts(): ReactNode {
  const [said, setSaid] = useState("");
  return (
    <div className="flex gap-2">
      <Button
        onClick={() =>
          notify({
            title: "Set aside",
            text: "Event bad-1",
            undo: { label: "Undo", act: () => setSaid("undone") },
            onGone: () => setSaid("gone"),
            timeoutMs: 900,
          })
        }
      >
        Discard
      </Button>
      <Button onClick={() => notify({ title: "That did not work", look: "bad", timeoutMs: 60_000 })}>Fail</Button>
      <Said words={said} />
    </div>
  );
}

function ChipsAndTabs(): ReactNode {
  const [choice, setChoice] = useState<"open" | "replayed">("open");
  const [tab, setTab] = useState<"one" | "two" | "three">("one");
  const [filtered, setFiltered] = useState(true);
  return (
    <div className="flex flex-col gap-4">
      <p className="flex flex-wrap gap-2">
        <Chip>plain</Chip>
        <Chip look="good">valid</Chip>
        <Chip look="bad">missed</Chip>
        <Chip look="warn">too early</Chip>
        <Chip look="info">tried out</Chip>
      </p>
      {filtered ? <FilterChip label="Grade AA" onRemove={() => setFiltered(false)} /> : null}
      <ChoiceChips
        label="State"
        value={choice}
        onChange={setChoice}
        options={[
          { value: "open", label: "Waiting" },
          { value: "replayed", label: "Sent again" },
        ]}
      />
      <Tabs
        label="Parts"
        value={tab}
        onChange={setTab}
        tabs={(["one", "two", "three"] as const).map((value) => ({
          value,
          label: value,
          panel: () => <p>panel {value}</p>,
        }))}
      />
      <Said words={`${choice} ${tab} ${filtered}`} />
    </div>
  );
}

function Menus(): ReactNode {
  const [said, setSaid] = useState("");
  const [checked, setChecked] = useState(true);
  const [theme, setTheme] = useState("light");
  return (
    <>
      <Menu
        label="Account"
        trigger="Account"
        triggerClass="h-8 rounded-control border border-line-strong px-3"
        entries={[
          { kind: "act", label: "Sign out", icon: Inbox, act: () => setSaid("out") },
          { kind: "check", label: "Orders", checked, onChange: setChecked },
          {
            kind: "choice",
            label: "Theme",
            value: theme,
            options: [
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ],
            onChange: setTheme,
          },
        ]}
      />
      <Said words={`${said} ${checked} ${theme}`} />
    </>
  );
}

function Palette(): ReactNode {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [said, setSaid] = useState("");
  const commands: Command[] = [
    ...["Merchants", "Products", "Policies"].map((label) => ({
      id: label,
      label,
      group: "Pages",
      keys: ["G", "M"],
      run: () => setSaid(label),
    })),
    { id: "dark", label: "Theme: dark", hint: "appearance", group: "Commands", run: () => setSaid("dark") },
  ];
  return (
    <>
      <Button onClick={() => setOpen(true)}>Commands</Button>
      <CommandPalette
        open={open}
        onOpenChange={setOpen}
        query={query}
        onQueryChange={setQuery}
        commands={fitting(commands, query)}
      />
      <Said words={said} />
    </>
  );
}

function Help(): ReactNode {
  const [open, setOpen] = useState(true);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Help</Button>
      <ShortcutHelp
        open={open}
        onOpenChange={setOpen}
        groups={[
          { title: "Anywhere", shortcuts: [{ keys: ["Ctrl", "K"], words: "Search" }] },
          { title: "Go to", shortcuts: [{ keys: ["G", "M"], words: "Merchants" }] },
        ]}
      />
    </>
  );
}

function States(): ReactNode {
  const [tries, setTries] = useState(0);
  return (
    <div className="flex flex-col gap-4">
      <Banner icon={WifiOff}>There is no connection.</Banner>
      <Card id="empty" title="Empty" hint="Nothing yet" aside={<Chip>0</Chip>}>
        <EmptyState
          icon={Inbox}
          title="Nothing is waiting"
          text="Every event was accepted."
          action={<Button>Import</Button>}
        />
      </Card>
      <Card id="loading" title="Loading">
        <Skeleton rows={3} />
      </Card>
      <ErrorState text={`Try ${tries}`} onRetry={() => setTries(tries + 1)} />
      <CopyText text={"<probity-trust-card>\n".repeat(3)} />
    </div>
  );
}

function Dates(): ReactNode {
  const [range, setRange] = useState<DateRangeValue>({});
  return (
    <>
      <DateRange {...range} newest="2026-11-21" onChange={setRange} />
      <Said words={JSON.stringify(range)} />
    </>
  );
}

function Files(): ReactNode {
  const [said, setSaid] = useState("");
  return (
    <>
      <FileDrop
        title="Drop a file here"
        hint="CSV or Parquet"
        button="Choose files"
        icon={Inbox}
        accept=".csv"
        onFiles={(files) => setSaid(files.map(({ name, size }) => `${name} ${size}`).join(", "))}
      />
      <div className="mt-4 flex flex-col gap-4">
        <ProgressBar label="Importing" ppm={425_000} words="42.5%" />
        <ProgressBar label="Looking" ppm={null} words="–" />
      </div>
      <Said words={said} />
    </>
  );
}

export const controls: Readonly<Record<string, () => ReactNode>> = {
  button: Buttons,
  field: Fields,
  dialog: Dialogs,
  toast: Toasts,
  chip: ChipsAndTabs,
  menu: Menus,
  palette: Palette,
  help: Help,
  states: States,
  dates: Dates,
  files: Files,
};
