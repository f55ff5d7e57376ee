import { hex } from "@probity/verifier/tlog/bytes";
import { type Finding, findReceipt, webCryptoLack } from "@probity/verifier/tlog/findings";
import { webPrimitives } from "@probity/verifier/tlog/primitives";
import type { CheckedReceipt } from "@probity/verifier/tlog/receipt";
import { type Child, make } from "./element.ts";

/** Larger than any receipt or policy. */
const fileBytesMax = 1_048_576;

const { lang } = document.documentElement;
const locale = lang === "en" ? "en-GB" : lang;

/** The page's elements and words; the server has written both in the reader's language. */
class Checker {
  readonly #words = new Map(
    [...document.querySelectorAll<HTMLElement>("#words [data-word]")].map((item) => [
      item.dataset["word"] ?? "",
      item.textContent,
    ]),
  );
  readonly #counts = new Intl.NumberFormat(locale);
  readonly #times = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  readonly #finding = this.#find<HTMLElement>("finding");
  readonly #refused = this.#find<HTMLElement>("refused");
  readonly #policy = this.#find<HTMLTextAreaElement>("policy");
  readonly #ownWarning = this.#find<HTMLElement>("own-warning");
  #receipt: Uint8Array | undefined;
  /** Text of the server's own policy, once it was taken. */
  #own: string | undefined;

  #find<T extends HTMLElement>(id: string): T {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`the page has no #${id}`);
    return found as T;
  }

  #say(name: string, values: Readonly<Record<string, string>> = {}): string {
    return (this.#words.get(name) ?? name).replaceAll(/\{(\w+)\}/g, (_, part: string) => values[part] ?? "");
  }

  #refuse(text: string): void {
    this.#refused.textContent = text;
    this.#refused.hidden = text === "";
  }

  /** The file's bytes; undefined where it cannot be what is asked for. */
  async #read(file: File): Promise<Uint8Array | undefined> {
    const isSmall = file.size <= fileBytesMax;
    this.#refuse(isSmall ? "" : this.#say("tooLarge", { name: file.name }));
    return isSmall ? new Uint8Array(await file.arrayBuffer()) : undefined;
  }

  async #takeReceipt(file: File): Promise<void> {
    this.#receipt = await this.#read(file);
    this.#finding.hidden = true;
    if (this.#receipt !== undefined && this.#policy.value.trim() !== "") await this.#check();
  }

  #setPolicy(text: string, isOwn: boolean): void {
    this.#policy.value = text;
    this.#own = isOwn ? text : undefined;
    this.#ownWarning.hidden = !isOwn;
    this.#finding.hidden = true;
  }

  async #takeOwn(address: string): Promise<void> {
    try {
      const answer = await fetch(address, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#setPolicy(await answer.text(), true);
      this.#refuse("");
    } catch {
      this.#refuse(this.#say("ownFailed"));
    }
  }

  async #check(): Promise<void> {
    const text = this.#policy.value;
    const lack = await webCryptoLack();
    this.#refuse(
      lack !== undefined
        ? this.#say(lack)
        : this.#receipt === undefined
          ? this.#say("missingReceipt")
          : text.trim() === ""
            ? this.#say("missingPolicy")
            : "",
    );
    if (!this.#refused.hidden || this.#receipt === undefined) return;
    this.#show(await findReceipt(webPrimitives, this.#receipt, text), text === this.#own);
  }

  #show(finding: Finding<CheckedReceipt>, isOwn: boolean): void {
    const [title, ...rest] = finding.isRight ? this.#right(finding, isOwn) : this.#wrong(finding);
    this.#finding.className = `sheet finding ${finding.isRight ? "right" : "wrong"}`;
    this.#finding.replaceChildren(make("h2", "", title ?? ""), ...rest.filter((part) => part !== null));
    this.#finding.hidden = false;
    this.#find("again").hidden = false;
    this.#finding.focus();
  }

  #wrong({ step, message }: Exclude<Finding<unknown>, { isRight: true }>): [string, ...Child[]] {
    const name = `step${step.charAt(0).toUpperCase()}${step.slice(1)}`;
    const exact = make("code", "", message);
    exact.lang = "en";
    return [
      this.#say(step === "policy" ? "wrongPolicy" : "wrong"),
      make("p", "", this.#say(name)),
      make("p", "quiet", `${this.#say("exactly")}: `, exact),
    ];
  }

  #rows(className: string, rows: readonly (readonly [string, Child])[]): HTMLElement {
    return make(
      "dl",
      className,
      ...rows.map(([term, value]) => make("div", "", make("dt", "", term), make("dd", "", value))),
    );
  }

  #right(
    { checked, policy }: Extract<Finding<CheckedReceipt>, { isRight: true }>,
    isOwn: boolean,
  ): [string, ...Child[]] {
    const { checkpoint, content, fields, index } = checked;
    const { t: type } = JSON.parse(content.entry) as { t: string };
    const [place, size] = [this.#counts.format(index), this.#counts.format(checkpoint.size)];
    const nameOf = new Map(policy.witnesses.map(({ name, key }) => [key, name]));
    const witnesses = checkpoint.signed.flatMap(({ key, timeS }) =>
      timeS === null ? [] : [make("li", "", `${nameOf.get(key) ?? key.name}, ${this.#times.format(timeS * 1_000)}`)],
    );
    const signers = checkpoint.signed.flatMap(({ key, timeS }) => (timeS === null ? [key.name] : []));
    const rows: (readonly [string, Child])[] = [
      [this.#say("log"), make("bdi", "", checkpoint.origin)],
      [this.#say("marketplace"), make("bdi", "", content.marketplace)],
      [this.#say("place"), place],
      [this.#say("size"), size],
      [this.#say("root"), make("code", "hash", hex(checkpoint.root))],
      [this.#say("signedBy"), make("bdi", "", signers.join(", "))],
      [this.#say("witnesses"), witnesses.length === 0 ? this.#say("noWitness") : make("ul", "", ...witnesses)],
      [this.#say("type"), make("code", "", type)],
    ];
    const opened = fields.map(
      ({ name, value }) => [name, make("bdi", "", typeof value === "string" ? value : JSON.stringify(value))] as const,
    );
    return [
      this.#say("right"),
      make("p", "", this.#say("rightText", { index: place, size })),
      this.#rows("standing", rows),
      make("h3", "kind", this.#say("fields")),
      opened.length === 0 ? make("p", "quiet", this.#say("noFields")) : this.#rows("standing fields", opened),
      make("p", "quiet", this.#say("not")),
      isOwn ? make("p", "warned", this.#say("own")) : null,
    ];
  }

  #hearDrops(drop: HTMLElement): void {
    const over = (isOver: boolean) => (event: DragEvent) => {
      event.preventDefault();
      drop.toggleAttribute("data-over", isOver);
    };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => {
      over(false)(event);
      const files = event.dataTransfer?.files;
      if (files?.[0] === undefined) return;
      // The field then names the file, as where it was chosen.
      this.#find<HTMLInputElement>("receipt").files = files;
      void this.#takeReceipt(files[0]);
    });
  }

  begin(): void {
    const form = this.#find<HTMLFormElement>("checker");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#check();
    });
    const hear = (id: string, take: (file: File) => void): void => {
      const input = this.#find<HTMLInputElement>(id);
      input.addEventListener("change", () => {
        const file = input.files?.[0];
        if (file !== undefined) take(file);
      });
    };
    hear("receipt", (file) => void this.#takeReceipt(file));
    hear("policy-file", (file) => {
      void this.#read(file).then((bytes) => {
        if (bytes !== undefined) this.#setPolicy(new TextDecoder().decode(bytes), false);
      });
    });
    this.#policy.addEventListener("input", () => this.#setPolicy(this.#policy.value, false));
    const own = this.#find<HTMLButtonElement>("own");
    own.addEventListener("click", () => void this.#takeOwn(own.dataset["policy"] ?? ""));
    this.#hearDrops(this.#find("drop"));
    this.#find("needs-script").hidden = true;
    form.hidden = false;
  }
}

new Checker().begin();
