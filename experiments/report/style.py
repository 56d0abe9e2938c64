"""How a report looks: light and dark, narrow and wide, on paper."""

CSS = """
:root{--ink:#1a1a1a;--soft:#595959;--page:#fff;--panel:#f5f5f3;--line:#d5d5d0;--accent:#005a8f;--bad:#a33b00;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--ink:#e8e8e4;--soft:#adada8;--page:#15171a;--panel:#1f2226;--line:#3a3e44;--accent:#74b9e8;--bad:#ff9b63}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:74rem;padding:1.25rem 1rem 4rem;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .4rem}
h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.3rem 0 .3rem}
p,li{max-width:46rem}
p{margin:.5rem 0}
ul{padding-left:1.2rem;margin:.5rem 0}
a{color:var(--accent)}
.over{color:var(--soft);font-size:.85rem;margin:0}
.question{font-size:1.1rem;color:var(--soft);margin:0 0 1rem}
.answer{font-size:1.06rem;max-width:50rem;background:var(--panel);border-left:4px solid var(--accent);padding:.8rem 1rem;margin:1rem 0}
.note{color:var(--soft);font-size:.88rem}
.bad{border-left:4px solid var(--bad);background:var(--panel);padding:.6rem 1rem;margin:1rem 0}
.bad h2{border:0;margin:0 0 .3rem;padding:0;color:var(--bad)}
.good{color:var(--soft);font-size:.95rem;margin:1rem 0}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;margin:1rem 0;padding:0;list-style:none}
.facts li{font-size:.9rem;color:var(--soft)}
.facts b{display:block;font-size:1.25rem;color:var(--ink);font-weight:600}
nav{font-size:.88rem;margin:1rem 0}
nav a{margin-right:.9rem;white-space:nowrap;display:inline-block;padding:.15rem 0}
.wide{overflow-x:auto;margin:.6rem 0;border:1px solid var(--line);border-radius:4px}
table{border-collapse:collapse;font-size:.86rem;line-height:1.35;width:100%;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;padding:.5rem .6rem;color:var(--soft)}
th,td{padding:.32rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600;background:var(--panel)}
tbody tr:last-child td{border-bottom:0}
.n{text-align:right;white-space:nowrap}
pre{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.5rem .7rem;overflow-x:auto;font-size:.82rem;margin:.4rem 0}
pre.wrap{white-space:pre-wrap}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--accent);padding:.2rem 0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:1rem;margin:.8rem 0;align-items:start}
figure{margin:0;max-width:100%;background:var(--panel);border-radius:4px;padding:.5rem}
figure .scroll{overflow-x:auto}
figure svg{display:block;height:auto;max-width:none}
figure.fits svg{width:100%;max-width:30rem}
figcaption{font-size:.82rem;color:var(--soft);max-width:31rem;padding:.3rem .2rem 0}
svg text{fill:var(--ink)}
@media print{:root{--ink:#000;--soft:#444;--page:#fff;--panel:#fff;--line:#bbb;--accent:#000;--bad:#000}
body{max-width:none;padding:0;font-size:10pt}nav{display:none}h2,h3{break-after:avoid}figure,tr,.answer,.bad{break-inside:avoid}
.wide{overflow:visible;border:0}table{font-size:7.5pt}details>*{display:block}a{text-decoration:none}}
"""
