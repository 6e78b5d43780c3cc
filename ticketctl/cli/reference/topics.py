"""The pages of `ticketctl help TOPIC`."""

TOPICS: dict[str, str] = {
    "exit-codes": """\
0    done; an empty list is done
1    unexpected error (a bug; TICKETCTL_DEBUG=1 shows where)
2    usage: unknown option, value, field, query; or nobody can be asked for a yes
3    no such ticket, agent, segment, saved query …
4    who are you, or not allowed
5    conflict: changed meanwhile, already owned, already merged
6    refused by a rule: required field, mandatory comment, transition not allowed, bad desk.toml
7    partly done: some items failed, their lines say which
8    database: unreachable, locked past the time-out, schema too old or too new
9    mail server or shop: cannot connect, log in, or send
10   the condition asked about holds (--exit-status)
65   `gateway ingest` only: something of it is no mail or no JSON line; the rest is taken
75   `gateway ingest` only: temporary, keep the mail and try again
130  interrupted, nothing half-written
""",
    "environment": """\
TICKETCTL_DB        URL of the database
TICKETCTL_CONFIG    settings file instead of the usual ones
TICKETCTL_AGENT     which agent you are
TICKETCTL_EDITOR    editor for texts (then VISUAL, EDITOR, vi)
TICKETCTL_PAGER     pager for long pages (then PAGER, less -FRX); empty: none
TICKETCTL_NOW       pretend it is this time (RFC 3339)
TICKETCTL_OUTGOING_PASSWORD  password of the outgoing server
TICKETCTL_SHOP_NAME_TOKEN    access token of [[shop]] NAME
TICKETCTL_DEBUG     1: show the trace of an unexpected error
TICKETCTL_SECTION_KEY  any setting of config.toml, as TICKETCTL_GATEWAY_SMTP
NO_COLOR            no colours; CLICOLOR_FORCE forces them; TERM=dumb has none
COLUMNS, LINES      size of the terminal, where it does not say itself
LC_ALL, LC_CTYPE, LANG  bars are made of blocks where the locale is UTF-8
TZ                  zone in which times are shown (or --tz)
""",
    "formatting": """\
On a terminal, lists are tables fitted to its width; elsewhere TSV with one header line, nothing cut, no limit.
--format table|tsv|csv|json|ndjson|ids|template forces a form; --json the same as --format json.
--json=id,subject picks fields; --columns id,subject,owner picks columns, --columns all shows every one.
--no-headers leaves out the header line. --bom begins a CSV so that Excel reads it as UTF-8.
TSV escapes tab and newline as \\t and \\n. CSV is RFC 4180. In both an apostrophe stands before what a spreadsheet
would run as a formula; JSON is exact.
Control characters, bidi overrides and zero-width marks are spelt out (\\x1b, \\u202e); JSON escapes them, exactly.

Tables leave out ALERT, SLA, OWNER, PRIO and * where no row has one to tell of, and where the subject would not
be readable UPDATED, then CUSTOMER; columns that --columns names are always shown. Other columns are cut first, the
subject last. Red: over its service level or over `red` of [alerts]; yellow: soon, or over `yellow`; dim: ended;
bold: important. SLA, ALERT, STATUS and * say the same in words.
SLA is `ok 2h10m` (left), `warn 0h20m`, `breach +1h05m` (over), `paused`, `met`, `-`.

--row-template JINJA writes a line for each row, in a sandbox; the names are those of --json. Filters: a time `|ago` or
`|local`, a text `|trunc(20)` or `|color("red", bold=true)`, seconds `|dur`:
  ticketctl list --row-template '{{id}} {{created_at|ago}} {{subject|trunc(40)}} {{sla.state}}'

Times are local on a terminal (--tz), RFC 3339 UTC elsewhere. Data goes to stdout, words about it to stderr.
""",
    "query": """\
field:value        the field has the value         status:open
field:a,b          one of them                     segment:billing,support
-field:value       not; also NOT, field!=value, field:~value    -owner:ana  NOT is:important
field<T field>=T   compared                        created>=2026-03-01  updated<14d  age>2h
word "two words"   in subject, messages, comments, fields
a b   a AND b      both       ( a OR b )           either
open mine unassigned spam closed …   a word of is or a status alone means that; all: however old
                   what may mean two things is refused; in quotes it is text: '"open"', or `ticketctl search open`
is:open unassigned mine important spam merged ended awaiting-agent awaiting-customer breached no-sla
has:attachment comment order
due<2h due:today   when the most pressing clock is due; due:none
sla:ok warn breach paused met none
sla.first<1h       what is left of a clock: sla.first, sla.next, sla.resolve, sla.assign; <0 is over
rating<=2          the customer's last answer to a survey; csat (1-5), nps (0-10), survey:NAME
cf.NAME:value      a field of the desk; numbers and dates compare: cf.amount>100 cf.delivery<today
                   of the customer where only customers have it, and always as customer.cf.NAME
@NAME              a saved query (ticketctl query), as if it stood there in brackets
sort:-priority,due the order, - from the greatest
@me none any       as owner: me, nobody, somebody; none and any of other fields: empty, filled in
Fields: id status priority owner segment source_segment mailbox channel type tag customer email
subject body comments text created updated resolved closed age due kind language
customer: a number, an address, a part of a name; email: an address or @domain
sort by: created updated resolved closed due id priority important status owner segment mailbox channel type
subject customer
Times: 2026-03-01, 2026-03, today, monday, 7d, 1mo, 2026-03-09T08:10
A span is a moment that far from now: before now for created, updated, resolved and closed (updated<14d: no change for
14 days; created>2h: in the last two hours), after now for due and what is left of a clock (due<2h: within two hours;
due<-2h: two hours late). A date of cf.NAME needs the sign: -7d or +7d. field:7d is all the time between then and now.
The same words in list, search's flags, board, stats, export, report, --query, [[rule]] when and [[sla]] match (there
without @NAME, and with the field of each word). --query takes the tickets that list shows: of the last month unless
it speaks of a time, a number or all. In a shell, quote what has <, >, !, ( or ).
""",
    "json": """\
`list`, `my`, `next`, `search --json`: an array of tickets; `show --json`: one, with messages, comments, customer.
`board --json`: [{"column", "count", "tickets"}]; `stats --json`: an object for each count, with `tickets`.
`query list --json`: [{"name", "query", "shared", "default"}].
`history`, `inbox list`, `outbox list --json`: arrays of their own. docs/json.md has every shape.
`gateway ingest` reads lines {"id", "channel", "customer", "text", …}: docs/json.md, "Lines".
--format ndjson writes one object a line, as they are read; `list --watch` in a pipe does so for ever.
--json=id,subject picks fields; an unknown one is exit 2 and names them all.
Times are RFC 3339 UTC with Z, durations whole seconds, words lower case, absent is null; keys never depend on
the data. Names are added, never renamed.
""",
}
