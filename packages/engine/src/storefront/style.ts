import { createHash } from "node:crypto";

const tokens = `
:root{color-scheme:light dark;--paper:#faf9f6;--sheet:#fff;--sunk:#f2f0ea;--line:#e3dfd5;--line-strong:#cfc9bb;--ink:#1d2321;--ink-2:#4d5853;--ink-3:#626c67;--jade:#0b6e5b;--jade-soft:#e3f1ec;--jade-line:#9fcbbd;--cinnabar:#a8321b;--cinnabar-soft:#fbe9e4;--cinnabar-line:#e7b3a6;--amber:#845600;--amber-soft:#fbf0d9;--radius:10px;--chop:#b3361e;--shadow:0 1px 2px rgb(29 35 33/6%),0 4px 16px rgb(29 35 33/5%);--font:"Inter","Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;--mono:"JetBrains Mono","SFMono-Regular",ui-monospace,monospace}
@media (prefers-color-scheme:dark){:root{--paper:#121614;--sheet:#191e1c;--sunk:#222927;--line:#2a312e;--line-strong:#47514c;--ink:#e9ece8;--ink-2:#b4bdb8;--ink-3:#98a29c;--jade:#5cc6ab;--jade-soft:#16302a;--jade-line:#2c5a4d;--cinnabar:#f28b74;--cinnabar-soft:#38201b;--cinnabar-line:#6b3a2f;--amber:#e2b04c;--amber-soft:#332a16;--shadow:none}}
`;

const base = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:16px}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.55 var(--font);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
p{text-wrap:pretty}
h1,h2,h3,h4,p,ul,ol,dl,dd{margin:0;padding:0}
ul,ol{list-style:none}
h1{font-size:24px;line-height:1.25;font-weight:680;letter-spacing:-.01em}
h2{font-size:15px;font-weight:660;margin-bottom:10px}
h4{font-size:12px;font-weight:600;color:var(--ink-2);margin:14px 0 6px}
h3.minor{font-size:13px;font-weight:640;margin:16px 0 2px}
a{color:var(--jade);text-decoration:underline;text-decoration-color:var(--jade-line);text-underline-offset:3px}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--jade);outline-offset:2px;border-radius:4px}
code{font:12px/1.5 var(--mono)}
.hash{overflow-wrap:anywhere;color:var(--ink-2)}
.quiet{color:var(--ink-3);font-weight:400}
.lead{color:var(--ink-2);margin-bottom:10px}
.r{text-align:right}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:12px;top:-60px;background:var(--sheet);padding:8px 14px;border-radius:6px;z-index:1}
.skip:focus{top:8px}
.wrap{max-width:1140px;margin:0 auto;padding:0 24px}
.chop{display:inline-grid;place-items:center;flex:none;width:26px;height:26px;border-radius:6px;background:var(--chop);color:#faf9f6;font-weight:700;font-size:15px;line-height:1}
.chop.small{width:18px;height:18px;border-radius:4px;font-size:11px}
header.site{border-bottom:1px solid var(--line);background:var(--sheet)}
header.site .wrap{display:flex;align-items:center;gap:10px 24px;flex-wrap:wrap;padding-block:10px}
.brand{display:flex;align-items:center;gap:10px;font-weight:650;color:var(--ink);text-decoration:none;margin-right:auto;min-width:0}
header.site nav{display:flex;gap:4px 18px;flex-wrap:wrap}
header.site nav a{color:var(--ink-2);text-decoration:none;padding:4px 0;border-bottom:2px solid transparent}
header.site nav a:hover{color:var(--ink)}
header.site nav a[aria-current]{color:var(--ink);border-bottom-color:var(--jade)}
footer.site{border-top:1px solid var(--line);color:var(--ink-2);font-size:13px;margin-top:40px}
footer.site .wrap{display:flex;gap:10px;align-items:center;padding-block:16px 28px}
main{padding-block:24px 8px!important}
header.page{max-width:76ch;margin-bottom:18px}
header.page h1{margin-bottom:6px}
.grid{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:16px;margin-bottom:16px;align-items:start}
.grid.even{grid-template-columns:minmax(0,1.25fr) minmax(0,1fr)}
.column{display:grid;gap:16px;min-width:0}
.sheet{background:var(--sheet);border:1px solid var(--line);border-radius:var(--radius);box-shadow:var(--shadow);padding:16px 18px;min-width:0}
.sheet.wide{margin-bottom:16px}
main>.sheet{margin-bottom:16px}
.chip{display:inline-block;font-size:12px;line-height:1.5;padding:1px 9px;border-radius:99px;border:1px solid var(--line-strong);color:var(--ink-2)}
.chip.good{background:var(--jade-soft);border-color:var(--jade-line);color:var(--jade)}
.chip.bad{background:var(--cinnabar-soft);border-color:var(--cinnabar-line);color:var(--cinnabar)}
.plain-list{margin:4px 0 0;padding-left:18px;list-style:disc}
.plain-list li::marker{color:var(--line-strong)}
.plain-list li{padding:2px 0}
`;

const marks = `
.seal{display:inline-grid;place-items:center;flex:none;border:3px solid currentColor;outline:1px solid currentColor;outline-offset:-7px;border-radius:14px;transform:rotate(-3deg);font-weight:760;line-height:1.1;text-align:center;background:var(--sheet)}
.seal.large{width:76px;height:76px;font-size:29px}
.seal.large.len3{font-size:23px}
.seal.small{width:40px;height:40px;border-width:2px;border-radius:9px;outline-offset:-4px;font-size:15px}
.seal.small.len3{font-size:11.5px;letter-spacing:-.02em}
.seal.good{color:var(--jade)}.seal.fair{color:var(--ink-2)}.seal.weak{color:var(--amber)}.seal.bad{color:var(--cinnabar)}
.seal.early{color:var(--ink-3);border-style:dashed;outline:0;font-weight:600;background:none}
.seal.early.large{font-size:14px}.seal.early.small{font-size:9.5px}
.seal.early span{max-width:4.6em}
svg{display:block;max-width:100%}
.bar .track,.columns .track{fill:var(--sunk)}
.bar .fill,.columns .fill{fill:var(--jade)}
.bar .fill.soft{fill:var(--jade-line)}
.bar .fill.low,.columns .fill.low{fill:var(--cinnabar)}
.bar .mark,.interval .mark{fill:var(--ink)}
.tone-good{fill:var(--jade)}.tone-fair{fill:var(--ink-3)}.tone-weak{fill:var(--amber)}.tone-bad{fill:var(--cinnabar)}.tone-early{fill:var(--line-strong)}
svg text{font:11px var(--font);fill:var(--ink-3)}
.interval .band{fill:var(--jade-line)}.interval .mean{fill:var(--jade)}.interval .peers{fill:var(--line-strong)}
.axis,.grid-line,.history .grid{stroke:var(--line);stroke-width:1}
.history{overflow:visible}
.history .area,.curve .area{fill:var(--jade);opacity:.14}
.history .line,.curve .line{fill:none;stroke:var(--jade);stroke-width:2}
.history .end{fill:var(--jade);stroke:var(--sheet);stroke-width:2}
.history .policy-change{stroke:var(--ink-3);stroke-dasharray:4 3}
.history .epoch-change{stroke:var(--line-strong);stroke-dasharray:1 4}
.history .change{fill:var(--ink-2)}
.spark{width:100%;height:31px}
.spark .good{fill:var(--jade)}.spark .plain{fill:var(--ink-3)}.spark .miss{fill:var(--cinnabar)}.spark .base{fill:var(--line-strong)}
`;

const merchant = `
header.merchant{display:grid;grid-template-columns:auto minmax(0,1fr) minmax(240px,380px);gap:20px;align-items:center;margin-bottom:20px}
.who{min-width:0}
.sub{color:var(--ink-2);margin-top:4px}
.merchant .score p:first-child{display:flex;align-items:baseline;gap:6px;margin-bottom:4px}
.merchant .score strong{font-size:38px;line-height:1;letter-spacing:-.02em}
.merchant .score p:first-child span{color:var(--ink-3)}
.merchant .score.early strong{color:var(--ink-3);font-weight:550}
.notice{border-radius:var(--radius);padding:12px 18px;margin-bottom:16px}
.notice h2{margin-bottom:4px}
.notice.bad{background:var(--cinnabar-soft);border:1px solid var(--cinnabar-line);color:var(--cinnabar)}
.notice.plain{background:var(--amber-soft);color:var(--ink)}
.needs li{display:grid;grid-template-columns:1fr auto;gap:6px 10px;padding:8px 0}
.needs svg{grid-column:1/-1}
.sheet.early .lead{margin:8px 0 0}
.warnings{margin-bottom:12px}
.warnings li{background:var(--cinnabar-soft);color:var(--cinnabar);padding:8px 12px;border-left:3px solid var(--cinnabar)}
.warnings li+li{margin-top:4px}
.highlights{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 24px}
.highlights li{display:grid;grid-template-columns:auto 1fr;gap:0 10px;align-items:baseline;padding:9px 0;border-top:1px solid var(--line)}
.highlights strong{grid-row:1/3;font-size:21px;font-weight:680;letter-spacing:-.02em;min-width:76px;color:var(--jade)}
.highlights .low strong{color:var(--cinnabar)}
.highlights .quiet{font-size:12px}
.dimensions li{display:grid;grid-template-columns:minmax(92px,150px) minmax(0,1fr) 84px;gap:12px;align-items:center;padding:8px 0;border-top:1px solid var(--line)}
.dimensions li:first-child{border-top:0}
.dimensions a{color:var(--ink);text-decoration:none}
.dimensions a:hover{text-decoration:underline}
.sum{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 16px;border-top:1px solid var(--line-strong);padding-top:10px;margin-top:2px;font-size:13px}
.sum strong{font-size:15px}
.raise li{display:grid;grid-template-columns:48px 1fr;gap:10px;padding:9px 0;border-top:1px solid var(--line)}
.raise li:first-child{border-top:0;padding-top:0}
.raise b{color:var(--jade);font-weight:700;font-size:15px}
.certificates li,.linked li,.versions li,.red-lines>li{padding:9px 0;border-top:1px solid var(--line)}
.certificates li:first-child,.linked li:first-child,.versions>li:first-child,.red-lines>li:first-child{border-top:0;padding-top:0}
.linked li{display:flex;gap:12px;align-items:center;flex-wrap:wrap}
.proof{border-top:1px solid var(--line-strong);padding-top:16px;margin-top:24px;color:var(--ink-2);font-size:13px}
.proof h2{color:var(--ink);margin-bottom:2px}
.proof dl{display:flex;flex-wrap:wrap;gap:6px 28px;margin-top:10px}
.proof dt,.grounds dt{color:var(--ink-3);font-size:12px}
`;

const reasons = `
.columns-head,.indicator>summary{display:grid;grid-template-columns:minmax(0,2.1fr) minmax(80px,1.2fr) 76px 76px 84px 84px;gap:14px;align-items:center}
.columns-head{font-size:12px;color:var(--ink-3);padding:0 0 2px 18px}
.dimension h3{display:flex;justify-content:space-between;gap:12px;font-size:13px;font-weight:640;padding:14px 0 6px;border-bottom:1px solid var(--line-strong)}
.dimension h3 span:last-child{color:var(--ink-2);font-weight:500}
details>summary{cursor:pointer;list-style:none}
details>summary::-webkit-details-marker{display:none}
.indicator{border-bottom:1px solid var(--line)}
.indicator>summary{padding:9px 0 9px 18px;position:relative}
.indicator>summary::before,.pack>summary::before,.inner>summary::before{content:"";width:6px;height:6px;border:solid var(--ink-3);border-width:0 1.6px 1.6px 0;transform:rotate(-45deg);transition:transform .12s}
.indicator>summary::before{position:absolute;left:2px;top:50%;margin-top:-4px}
details[open]>summary::before{transform:rotate(45deg)}
.indicator>summary:hover .name,.pack>summary:hover .name{text-decoration:underline;text-decoration-color:var(--jade-line);text-underline-offset:3px}
.indicator .cell{text-align:right}
.indicator .gauge{text-align:left}
.indicator .low{color:var(--cinnabar);font-weight:600}
.indicator .peers,.indicator .sample{color:var(--ink-2)}
.indicator .label{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.indicator.off>summary{grid-template-columns:minmax(0,2.1fr) minmax(0,3fr);color:var(--ink-3)}
.indicator.off .why-not{text-align:right}
.indicator.rule>summary{grid-template-columns:minmax(0,2fr) minmax(0,2fr) 84px}
.indicator[open]{background:linear-gradient(var(--sunk),var(--sunk)) left/2px 100% no-repeat}
.inside{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.25fr);gap:6px 32px;padding:6px 0 18px 18px}
.indicator.off .inside{grid-template-columns:minmax(0,1fr)}
.grounds{display:grid;gap:8px;margin-top:8px}
.grounds .own::before,.grounds .others::before{content:"";display:inline-block;width:14px;height:7px;border-radius:2px;margin-right:6px;background:var(--jade-line)}
.grounds .others::before{background:var(--line-strong)}
.facts li{padding:4px 0 10px}
.fact{display:flex;justify-content:space-between;gap:12px;align-items:baseline}
.fact strong{white-space:nowrap;font-weight:620}
.inner{margin-top:4px}
.inner>summary{display:inline-flex;gap:8px;align-items:center;color:var(--jade);font-size:13px;padding:2px 0}
.scroll-y{max-height:260px;overflow-y:auto;border:1px solid var(--line);border-radius:6px;margin-top:6px}
table{width:100%;border-collapse:collapse;font-size:13px}
th{text-align:left;font-weight:500}
thead th{color:var(--ink-3);font-size:12px}
.days th,.days td{padding:4px 10px;border-top:1px solid var(--line)}
.days thead th{border-top:0;position:sticky;top:0;background:var(--sheet)}
.days .r{text-align:right}
.event{display:grid;grid-template-columns:64px auto minmax(0,1fr) auto;gap:4px 10px;align-items:baseline;padding:7px 0;border-top:1px solid var(--line);font-size:13px}
.event time,.event code{color:var(--ink-3)}
.verdict{font-size:12px;padding:0 7px;border-radius:99px}
.verdict.good{background:var(--jade-soft);color:var(--jade)}
.verdict.bad{background:var(--cinnabar-soft);color:var(--cinnabar)}
.pack{border-top:1px solid var(--line)}
.pack>summary{display:flex;gap:10px;align-items:center;padding:9px 2px}
.pack>summary .name{margin-right:auto}
.inside-pack{padding:0 0 12px 18px}
.inside-pack .quiet{font-size:12px}
.cards th,.cards td{padding:7px 12px 7px 0;border-top:1px solid var(--line);vertical-align:top}
.cards thead th{border-top:0}
.cards tbody th{width:38%}
.needed li{padding-left:16px;position:relative}
.needed li::before{content:"";position:absolute;left:2px;top:.5em;width:7px;height:7px;border-radius:2px;background:var(--jade)}
.needed .broken::before{background:none;border:1.5px solid var(--cinnabar)}
.needed .met span{color:var(--jade)}.needed .broken span{color:var(--cinnabar)}
`;

const lists = `
.grid.index{grid-template-columns:minmax(220px,280px) minmax(0,1fr)}
.search label{display:block;font-weight:600;margin-bottom:6px}
.search>div{display:flex;gap:8px}
input[type=search]{font:inherit;color:inherit;background:var(--sheet);border:1px solid var(--ink-3);border-radius:6px;padding:7px 10px;width:100%;min-width:0;min-height:36px}
button{font:inherit;font-weight:600;padding:7px 14px;border-radius:6px;border:1px solid var(--jade);background:var(--jade);color:var(--paper);cursor:pointer;white-space:nowrap;min-height:36px}
.grade-chart a{display:grid;grid-template-columns:52px minmax(0,1fr) 40px;gap:10px;align-items:center;padding:5px 8px;margin:0 -8px;border-radius:6px;color:var(--ink);text-decoration:none}
.grade-chart a:hover{background:var(--sunk)}
.grade-chart a[aria-current]{background:var(--jade-soft);color:var(--jade);font-weight:600}
.grade-chart li:last-child a{grid-template-columns:minmax(0,1fr) 40px}
.grade-chart li:last-child svg{display:none}
.categories ul{display:flex;flex-wrap:wrap;gap:8px}
.categories .chip{text-decoration:none;background:var(--sheet);padding:3px 12px;font-size:13px}
.categories .chip:hover{border-color:var(--jade-line)}
.categories .chip[aria-current]{background:var(--jade);border-color:var(--jade);color:var(--paper)}
.categories .chip[aria-current] .quiet{color:inherit}
h2 .quiet{font-size:13px;margin-left:6px}
h2 .clear{float:right;font-size:13px;font-weight:500}
.merchants li{display:grid;grid-template-columns:auto minmax(0,1fr) minmax(200px,270px) 48px;gap:16px;align-items:center;padding:11px 0;border-top:1px solid var(--line)}
.merchants li:first-child{border-top:0}
.merchants .who a{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;width:fit-content;font-weight:620;color:var(--ink);text-decoration-color:var(--line-strong)}
.merchants .who p,.merchants .standing p{font-size:13px}
.merchants .standing strong{font-size:17px;letter-spacing:-.01em}
.pager{display:flex;gap:16px;justify-content:flex-end}
.empty{text-align:center;padding:32px 12px;color:var(--ink-2)}
.empty h1,.empty h3{margin:16px 0 4px;color:var(--ink)}
.empty h3{font-size:16px}
.empty.alone{padding-block:72px;max-width:56ch;margin:0 auto}
.empty.alone p+p{margin-top:12px}
.steps{counter-reset:step;display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:14px 24px}
.steps li{counter-increment:step;border-top:2px solid var(--jade);padding-top:8px}
.steps li::before{content:counter(step);display:block;font-weight:700;color:var(--jade)}
.grade-list{display:grid;grid-template-columns:repeat(auto-fill,minmax(118px,1fr));gap:12px}
.grade-list li{display:flex;align-items:center;gap:10px}
`;

const verification = `
.counted{border-radius:4px;margin:8px 0}
.counted-legend{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;color:var(--ink-2)}
.counted-legend svg{display:inline-block;margin-right:4px}
.counted-legend strong{color:var(--ink)}
.count{font-size:17px;font-weight:620;letter-spacing:-.005em}
.why-less li,.looked li{display:grid;gap:12px;align-items:center;padding:6px 0}
.why-less li{grid-template-columns:minmax(0,1.2fr) minmax(0,1fr) 48px}
.looked li{grid-template-columns:minmax(0,1.2fr) minmax(0,1fr) 52px;gap:2px 16px;padding:9px 0;border-top:1px solid var(--line)}
.looked li:first-child{border-top:0}
.looked strong{font-weight:620}
.looked p{grid-column:1/-1;color:var(--ink-2);font-size:13px}
.counted-others{border-top:1px solid var(--line);margin-top:12px;padding-top:8px;color:var(--ink-2)}
.after{margin-top:10px}
.halves{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px 40px}
.halves .grounds{margin:0 0 14px}
.whys .minor{margin-top:0}
`;

const trust = `
pre.command{margin:4px 0 0;padding:8px 12px;background:var(--sunk);border:1px solid var(--line);border-radius:6px;font:12px/1.6 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere}
.commands>li+li{margin-top:12px}
.standing>div{display:grid;grid-template-columns:96px minmax(0,1fr);gap:2px 14px;padding:7px 0;border-top:1px solid var(--line)}
.standing>div:first-child{border-top:0;padding-top:0}
.standing dt{color:var(--ink-3)}
.standing ul{display:grid;gap:2px}
h3.kind{font-size:13px;font-weight:640;margin:14px 0 0;padding-bottom:6px;border-bottom:1px solid var(--line-strong)}
h3.kind:first-of-type{margin-top:0}
.versions.plain>li{padding:9px 0}
footer.site nav{display:flex;gap:4px 18px;flex-wrap:wrap;margin-left:auto}
footer.site nav a[aria-current]{color:var(--ink);text-decoration:none;font-weight:600}
`;

const receipt = `
.checker{display:grid;gap:16px}
.drop{border:2px dashed var(--line-strong);border-radius:var(--radius);padding:18px;background:var(--sunk)}
.drop[data-over]{border-color:var(--jade);background:var(--jade-soft)}
.grid.same{grid-template-columns:minmax(0,1fr) minmax(0,1fr);align-items:stretch;margin:0}
.checker label{display:block;font-weight:600;margin:10px 0 4px}
.checker textarea{font:12px/1.6 var(--mono);color:inherit;background:var(--sheet);border:1px solid var(--ink-3);border-radius:6px;padding:8px 10px;width:100%;min-height:96px;resize:vertical;display:block}
.checker input[type=file]{font:inherit;color:var(--ink-2);max-width:100%}
.checker input[type=file]::file-selector-button{font:inherit;font-weight:600;margin-right:12px;padding:6px 12px;border-radius:6px;border:1px solid var(--line-strong);background:var(--sheet);color:var(--ink);cursor:pointer}
button.plain{background:var(--sheet);color:var(--ink);border-color:var(--line-strong)}
.checker .own{display:flex;gap:12px;align-items:center;flex-wrap:wrap;margin-top:10px}
.warned{background:var(--amber-soft);border-radius:6px;padding:8px 12px;color:var(--ink)}
.finding h2{font-size:18px;margin-bottom:4px}
.finding.right{border-color:var(--jade-line)}.finding.right h2{color:var(--jade)}
.finding.wrong{border-color:var(--cinnabar-line)}.finding.wrong h2{color:var(--cinnabar)}
.finding>*+*{margin-top:10px}
.finding .standing>div{grid-template-columns:minmax(96px,210px) minmax(0,1fr)}
.finding h3.kind{margin-top:20px}
.finding .fields dt{font:12px/1.6 var(--mono)}
[hidden]{display:none!important}
`;

const narrow = `
@media (max-width:820px){
.grid,.grid.even,.grid.index,.grid.same{grid-template-columns:minmax(0,1fr)}
header.merchant{grid-template-columns:auto minmax(0,1fr)}
header.merchant .score{grid-column:1/-1}
.inside,.halves{grid-template-columns:minmax(0,1fr)}
}
@media (max-width:640px){
.wrap{padding:0 14px}
main{padding-block:16px 8px!important}
h1{font-size:20px}
header.site nav{width:100%}
.sheet{padding:14px}
.seal.large{width:64px;height:64px;font-size:24px}
.seal.large.len3{font-size:19px}
.highlights{grid-template-columns:minmax(0,1fr)}
.dimensions li{grid-template-columns:96px minmax(0,1fr) 70px;gap:10px}
.columns-head{display:none}
.indicator>summary,.indicator.off>summary,.indicator.rule>summary{grid-template-columns:repeat(4,auto);justify-content:space-between;gap:4px 12px;padding-right:0}
.indicator>summary .name,.indicator>summary .gauge,.indicator.off .why-not{grid-column:1/-1}
.indicator.off .why-not{text-align:left}
.indicator.rule>summary{grid-template-columns:minmax(0,1fr) auto}
.indicator.rule>summary .cell.points{text-align:right}
.indicator>summary .gauge{padding:2px 0}
.indicator .cell:not(.gauge){text-align:left;font-size:13px}
.indicator .cell .label{position:static;width:auto;height:auto;clip-path:none;display:block;font-size:11px;color:var(--ink-3);font-weight:400}
.inside{padding-left:10px}
.fact{flex-wrap:wrap;gap:0 12px}
.fact strong{white-space:normal}
.event{grid-template-columns:auto auto 1fr}
.event .what,.event code{grid-column:1/-1}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards,.cards tbody,.cards tr,.cards tbody th,.cards td{display:block;width:auto}
.cards tr{border-top:1px solid var(--line);padding:8px 0}
.cards tbody th,.cards td{border:0;padding:1px 0}
.cards td{display:grid;grid-template-columns:92px minmax(0,1fr);gap:10px}
.cards td::before{content:attr(data-label);color:var(--ink-3);font-size:12px}
.merchants li{grid-template-columns:auto minmax(0,1fr) 48px;gap:6px 12px}
.merchants .standing{grid-column:2/-1;grid-row:2}
.merchants .dims{grid-column:3;grid-row:1}
.grade-chart{display:grid;grid-template-columns:1fr 1fr;gap:0 24px}
.grade-chart a{grid-template-columns:40px minmax(0,1fr) 32px}
.grade-chart li:last-child{grid-column:1/-1}
.steps{grid-template-columns:minmax(0,1fr)}
.standing>div,.finding .standing>div{grid-template-columns:minmax(0,1fr)}
footer.site .wrap{flex-wrap:wrap}
footer.site nav{margin-left:0;width:100%}
}
@media print{
:root{--paper:#fff;--sheet:#fff;--shadow:none}
header.site nav,.skip,.search,.categories,.pager,footer.site{display:none}
.sheet,.indicator{break-inside:avoid}
body{font-size:11px}
.scroll-y{max-height:none;overflow:visible}
}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media (forced-colors:active){.bar .fill,.columns .fill,.spark .good{fill:CanvasText}.seal{border-color:CanvasText}}
`;

/** The stylesheet of every public page. */
export const siteCss: string = [tokens, base, marks, merchant, reasons, lists, verification, trust, receipt, narrow]
  .map((part) => part.trim())
  .join("\n");

/** Its path, named by its content: may be cached for ever. */
export const siteCssPath: string = `/assets/site-${createHash("sha256").update(siteCss).digest("hex").slice(0, 12)}.css`;
