"""The style sheet of a page. Bodies of mails keep a light background, for which their colours were chosen."""

STYLE = """
:root { color-scheme: light dark; --ground: #f4f4f2; --card: #fff; --ink: #1c1c1a; --faint: #63635e; --rule: #d9d9d4;
  --in: #2b6cb0; --out: #2f855a; }
@media screen and (prefers-color-scheme: dark) { :root { --ground: #161615; --card: #212120; --ink: #e8e8e3;
  --faint: #a3a39b; --rule: #3b3b38; --in: #7fb2e5; --out: #7cc79b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink); line-height: 1.5;
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
article { max-width: 52rem; margin: 0 auto 3rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: .5rem 0 1rem; }
.number, time, small, dt { color: var(--faint); font-weight: normal; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .15rem 1rem;
  margin: 0 0 1.5rem; }
dl div { display: flex; gap: .5rem; } dt { flex: 0 0 5.5rem; } dd { margin: 0; min-width: 0; }
section { background: var(--card); border: 1px solid var(--rule); border-inline-start: 4px solid var(--in);
  border-radius: 6px; margin: 0 0 1rem; overflow: hidden; }
section.out { border-inline-start-color: var(--out); }
section > header { padding: .5rem 1rem; border-bottom: 1px solid var(--rule); font-size: .9rem; }
section h2 { display: inline; font-size: inherit; margin: 0; margin-inline-end: .5rem; color: var(--in); }
.out h2 { color: var(--out); }
.text { padding: .75rem 1rem; white-space: pre-wrap; unicode-bidi: plaintext; }
.mail { padding: .75rem 1rem; background: #fff; color: #1c1c1a; color-scheme: light; overflow-x: auto;
  contain: content; }
.mail img { max-width: 100%; height: auto; } .mail table { max-width: 100%; } .mail pre { white-space: pre-wrap; }
.mail blockquote { margin: .5rem 0; padding-left: .75rem; border-left: 3px solid #d9d9d4; color: #63635e; }
.mail a[href] { color: #2b6cb0; }
.files { margin: 0; padding-block: .5rem; padding-inline: 2rem 1rem; border-top: 1px solid var(--rule);
  font-size: .9rem; }
.files img { max-width: 100%; height: auto; }
.files a { color: var(--in); }
@media print {
  @page { margin: 14mm; }
  :root { color-scheme: light; --ground: #fff; }
  body { padding: 0; font-size: 10.5pt; } article { max-width: none; } article + article { break-before: page; }
  section, .mail { overflow: visible; contain: none; } /* what scrolls or clips cannot go on on the next page */
  section > header, h1 { break-after: avoid; }
  .mail [style*="nowrap"] { white-space: normal !important; }
  .mail pre, .mail [style*="white-space: pre"], .mail [style*="white-space:pre"] { white-space: pre-wrap !important; }
  .mail a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .85em; }
}
"""
