// The style sheet of the evaluation's page. Colours tell series apart with shapes, for those who see no colours.
#pragma once

#include <string_view>

namespace spymaster::cli {

inline constexpr std::string_view kEvaluationStyle = R"css(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a2230; --faint: #5c6675; --rule: #dde2e9; --card: #f6f8fa;
  --good: #12713f; --bad: #a3261d; --s0: #0b57d0; --s1: #6b7280; --s2: #b45309; --s3: #8b2fc9; --s4: #0f766e; --s5: #b3125f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #10151d; --ink: #e6eaf0; --faint: #98a3b3; --rule: #2a3341; --card: #171e29;
    --good: #4cc38a; --bad: #ff8a7a; --s0: #6ea8ff; --s1: #a3acb9; --s2: #f0a04b; --s3: #cf9bff; --s4: #45cbb8; --s5: #ff85b8; } }
@media print {
  :root { --paper: #ffffff; --ink: #000000; --faint: #444444; --rule: #cccccc; --card: #ffffff; --good: #12713f;
    --bad: #a3261d; --s0: #0b57d0; --s1: #6b7280; --s2: #b45309; --s3: #8b2fc9; --s4: #0f766e; --s5: #b3125f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1140px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 8px; }
p { margin: 0 0 10px; max-width: 84ch; } .faint { color: var(--faint); }
.verdict { border-left: 5px solid var(--bad); background: var(--card); padding: 14px 18px; margin: 18px 0; font-size: 19px;
  line-height: 1.4; max-width: none; text-wrap: balance; } .verdict.skill { border-color: var(--good); }
.verdict b { color: var(--bad); } .verdict.skill b { color: var(--good); }
dl { display: flex; flex-wrap: wrap; gap: 8px 34px; margin: 0 0 8px; } dl div { min-width: 90px; }
dt { color: var(--faint); font-size: 13px; } dd { margin: 0; font-size: 18px; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 18px; margin: 18px 0; }
figure { margin: 0; padding: 14px 14px 10px; border: 1px solid var(--rule); border-radius: 6px; }
figcaption { font-weight: 600; margin-bottom: 2px; } figcaption small { display: block; font-weight: 400; color: var(--faint); }
svg { display: block; width: 100%; height: auto; overflow: hidden; } .empty { padding: 60px 0; text-align: center; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0; padding: 0; list-style: none; font-size: 14px; }
.legend svg { display: inline-block; width: 16px; height: 16px; vertical-align: -3px; margin-right: 4px; }
text { fill: var(--faint); font: 12px system-ui, sans-serif; } .title { fill: var(--ink); } .count { font-size: 11px; }
.grid { stroke: var(--rule); } .level { stroke: var(--ink); stroke-dasharray: 5 4; }
.line { fill: none; stroke-width: 1.5; } .line.s0 { stroke-width: 3; } .whisker { stroke-width: 2; }
.s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); }
.s4 { stroke: var(--s4); } .s5 { stroke: var(--s5); } .mark { stroke-width: 1.5; } .mark.s0 { fill: var(--s0); }
.mark.s1 { fill: var(--s1); } .mark.s2 { fill: var(--s2); } .mark.s3 { fill: var(--s3); } .mark.s4 { fill: var(--s4); }
.mark.s5 { fill: var(--s5); } .mark.faint { fill: var(--paper); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 5px 9px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 0; } thead th { color: var(--faint); font-weight: 500; }
td small { color: var(--faint); font-size: 12px; } td.good { color: var(--good); font-weight: 600; }
td.worse { color: var(--bad); } code { font-size: 13px; overflow-wrap: anywhere; }
@page { size: landscape; margin: 12mm; }
@media print {  /* last, so that it counts: all columns fit the width of A4 or letter */
  main { max-width: none; padding: 0; } figure, table { break-inside: avoid; } h2 { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; } .scroll { overflow: visible; } table { font-size: 12px; }
  th, td { padding: 4px 7px; } td small { font-size: 10px; } }
)css";

}  // namespace spymaster::cli
