/** Style sheet of every page: no outside font or image, readable from 360 to 1600 px, and in print. */
export const styles = `
:root{--ink:#17212b;--soft:#56626d;--line:#d9dee2;--faint:#eef1f3;--blue:#0b5c8f;--ok:#1d6b47;--warn:#8a5a00;--bad:#9c2f16;--none:#4f5b66}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#fff;color:var(--ink);font:15px/1.5 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:1040px;margin:0 auto;padding:28px 24px 64px}
h1{font-size:25px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:10px 0 22px;max-width:34em;text-wrap:pretty}
h2{font-size:17px;line-height:1.35;font-weight:650;margin:44px 0 10px}
.front h2{margin-top:26px}
h3{font-size:15px;font-weight:650;margin:24px 0 4px}
article h3{margin-top:0}
table+p.soft,div+p.soft{margin-top:8px}
.legend{max-width:none}
p{margin:0 0 8px;max-width:72ch}
p.soft{max-width:92ch}
dl+p{margin-top:12px}
ul{margin:0;padding-left:18px}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 24px;color:var(--soft);font-size:13px;border-bottom:1px solid var(--line);padding-bottom:10px}
.top b{color:var(--ink)}
.nb{white-space:nowrap}
.id{display:inline-block;max-width:100%}
p.wide{max-width:none}
.soft,small{color:var(--soft);font-size:13px}
small{display:block;line-height:1.35}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px;padding:6px 14px 6px 0;border-bottom:1px solid var(--ink);vertical-align:bottom}
thead th{overflow-wrap:break-word}
td{padding:8px 14px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
th.n+th:not(.n),td.n+td:not(.n){padding-left:22px}
th.n,td.n{text-align:right}
td.n{white-space:nowrap}
td.n bdi{white-space:normal}
td.k{font-weight:600;min-width:9em}
td.k small{font-weight:400}
.v{display:inline-flex;align-items:center;gap:.5em;white-space:nowrap;font-weight:600;font-size:13.5px}
.v i{flex:none;width:18px;height:18px;line-height:18px;border-radius:50%;text-align:center;font-style:normal;font-weight:700;font-size:12px;color:#fff;background:var(--none)}
.v.clear,.v.watch{color:var(--ok)}.v.review{color:var(--warn)}.v.suspect{color:var(--bad)}.v.unable_to_certify{color:var(--none)}
.v.clear i{background:var(--ok)}.v.review i{background:var(--warn)}.v.suspect i{background:var(--bad)}
.v.watch i{color:var(--ok);background:#fff;box-shadow:inset 0 0 0 1.5px var(--ok)}
.late{color:var(--bad);font-weight:600}
.charts{display:grid;grid-template-columns:1fr 1fr;gap:14px 28px;margin-top:4px}
.steps{display:grid;grid-template-columns:repeat(3,1fr);gap:8px 36px;margin:4px 0 10px}
.steps figure{max-width:320px}
.funnel td{vertical-align:middle;padding-top:5px;padding-bottom:5px}
.course{display:block;width:150px;height:26px}
.meeting{margin:0;padding-left:22px;max-width:80ch}
.meeting li{margin-bottom:6px}
pre{margin:0;white-space:pre-wrap;font:12px/1.45 ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace}
figure{margin:0;min-width:0}
figcaption{font-size:13px;color:var(--soft)}
figcaption b{color:var(--ink)}
figure svg{display:block;width:100%;height:auto}
article{border-top:1px solid var(--line);padding:16px 0 10px}
.finding{margin:12px 0 14px;padding-left:14px;border-left:3px solid var(--line)}
.finding>p:first-child{font-size:15.5px;margin-bottom:6px}
.finding.review{border-left-color:var(--warn)}
dl{display:grid;grid-template-columns:minmax(9.5em,max-content) 1fr;gap:3px 16px;margin:0;font-size:14px}
dt{color:var(--soft)}
dd{margin:0;max-width:80ch}
.scroll{overflow-x:auto}
.grid{width:auto;font-size:13px}
.grid td,.grid th{padding:3px 5px;text-align:center;white-space:nowrap}
.grid td:first-child,.grid th:first-child{text-align:left;padding:3px 14px 3px 0}
.c{color:var(--ok)}.c.review{color:var(--warn);background:#fdf3df;font-weight:700}.c.suspect{color:var(--bad);background:#fbe9e4;font-weight:700}.c.unable_to_certify{color:var(--none)}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace}
details{margin:10px 0}
summary{cursor:pointer;color:var(--blue);font-size:13.5px}
@media screen and (min-width:1000px){
td pre{white-space:pre}
}
@media screen and (max-width:999px){
th,td{padding-right:10px}
th.n+th:not(.n),td.n+td:not(.n){padding-left:14px}
table{font-size:13px}
th{font-size:12px}
td.k{min-width:7em}
.steps{column-gap:20px}
}
@media screen and (max-width:720px){
main{padding:18px 16px 48px}
h1{font-size:20px;margin-bottom:16px}
.charts,.steps{grid-template-columns:1fr}
table{font-size:14px}
table.stack thead{position:absolute;left:-9999px}
table.stack,table.stack tbody{display:block}
table.stack tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));column-gap:20px;padding:8px 0;border-bottom:1px solid var(--line)}
table.stack td{grid-column:1/-1}
table.stack td.n{grid-column:auto}
table.stack td.n>div{white-space:nowrap}
table.stack td,table.stack td.n{display:flex;justify-content:space-between;gap:16px;padding:2px 0;border:0;text-align:right;white-space:normal}
table.stack td.k{display:block;text-align:left;padding-bottom:4px}
table.stack td.t{display:block;text-align:left}
table.stack td.e{display:none}
table.stack td:not(.k):not(.t)::before{content:attr(data-label);color:var(--soft);text-align:left;flex:0 1 auto}
.v{flex-direction:row-reverse}
article .v{flex-direction:row}
table.stack td.k,table.stack td.t{font-size:15px}
table.stack td.n+td{padding-left:0!important}
table.stack tbody tr:first-child{border-top:1px solid var(--ink)}
dl{grid-template-columns:1fr}
dd{margin-bottom:6px}
}
@media print{
@page{margin:13mm 14mm}
body{font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:none;padding:0}
h1{font-size:16pt;margin:8px 0 12px}
h2{font-size:12pt;margin:26px 0 6px;break-after:avoid}
h3{break-after:avoid}
.front{break-after:page}
.front h2{margin-top:14px}
.front{line-height:1.35}
.front h2{margin:9px 0 3px}
.front h1{margin:6px 0 8px}
.front table{font-size:8.5pt}
.front th,.front td{padding-right:8px}
.front .v{font-size:9pt}
.front .v i{width:14px;height:14px;line-height:14px;font-size:9px}
.front th{padding-top:2px;padding-bottom:3px}
.front td{padding-top:2px;padding-bottom:2px}
.front small,.front .soft,.front figcaption{font-size:8.5pt;line-height:1.25}
.front p{margin:0}
.front td.k small{display:inline;margin-left:.7em}
.charts{gap:3px 20px;margin:0}
.steps{gap:2px 26px;margin:0 0 4px}
.course{height:17px}
.front .funnel td{padding-top:1px;padding-bottom:1px}
table{font-size:8.5pt}
th{font-size:8pt}
thead th{overflow-wrap:anywhere}
th,td{padding-right:9px}
th.n+th:not(.n),td.n+td:not(.n){padding-left:12px}
td.k{min-width:5.5em}
td pre{font-size:7pt;white-space:pre}
.grid{font-size:7pt}
.grid td,.grid th{padding:2px}
.grid td:first-child{white-space:normal;min-width:11em}
.grid th{font-size:6.5pt}
.scroll{overflow:visible}
tr,.finding,figure{break-inside:avoid}
thead{display:table-header-group}
details{display:none}
}
`;
