const light =
  "--sheet:#fff;--sunk:#f2f0ea;--line:#e3dfd5;--ink:#1d2321;--ink-2:#4d5853;--ink-3:#626c67;--jade:#0b6e5b;--amber:#845600;--cinnabar:#a8321b;--soft:#fbe9e4;--chop:#b3361e;color-scheme:light";
const dark =
  "--sheet:#191e1c;--sunk:#222927;--line:#2a312e;--ink:#e9ece8;--ink-2:#b4bdb8;--ink-3:#98a29c;--jade:#5cc6ab;--amber:#e2b04c;--cinnabar:#f28b74;--soft:#38201b;--chop:#b3361e;color-scheme:dark";

/** Colours of every element, by its `theme` or the reader's setting. */
export const themeCss: string = `:host{${light}}:host([hidden]){display:none}@media (prefers-color-scheme:dark){:host(:not([theme=light])){${dark}}}:host([theme=dark]){${dark}}*{box-sizing:border-box;margin:0;padding:0}`;

export const font = `Inter,"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif`;
