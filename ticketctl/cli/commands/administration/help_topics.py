"""The pages of `ticketctl help TOPIC`."""

TOPICS: dict[str, str] = {
    "exit-codes": """\
0    success, even if a list is empty
1    unexpected error (a bug; TICKETCTL_DEBUG=1 shows where)
2    usage: unknown option, value, field or query; or a question in a script
     (use --yes)
3    no such ticket, agent, segment, saved query …
4    not allowed, or you are no known agent
5    conflict: changed meanwhile, already owned, already merged
6    refused: required field, mandatory comment, transition not allowed,
     mistake in desk.toml
7    partly done: some items failed; their lines say which
8    database: unreachable, locked too long, schema too old or too new
9    mail server or shop: cannot connect, log in or send
10   the condition is true (--exit-status, --fail-on)
65   `gateway ingest` only: part of the input is not a mail or JSON line; the
     rest was accepted
75   `gateway ingest` only: temporary failure; keep the mail and try again
130  interrupted, or no to a question; nothing is half-written
""",
    "environment": """\
TICKETCTL_DB        URL of the database
TICKETCTL_CONFIG    settings file to use instead of the default ones
TICKETCTL_AGENT     which agent you are
TICKETCTL_EDITOR    editor for texts (default: VISUAL, EDITOR, vi)
TICKETCTL_PAGER     pager for long output (default: PAGER, less -FRX); empty:
                    none
TICKETCTL_QUERY     query that `list` uses in this shell if none is given, such
                    as 'segment:billing open'
TICKETCTL_NOW       pretend that it is this time (RFC 3339)
TICKETCTL_OUTGOING_PASSWORD  password of the outgoing mail server
TICKETCTL_SHOP_NAME_TOKEN    access token of [[shop]] NAME
TICKETCTL_DEBUG     1: show the stack trace of an unexpected error
TICKETCTL_SECTION_KEY  any setting of config.toml, such as
                       TICKETCTL_GATEWAY_SMTP
NO_COLOR            no colours; CLICOLOR_FORCE forces them; TERM=dumb has none
COLUMNS, LINES      size of the terminal, if it does not report one
LC_ALL, LC_CTYPE, LANG  in a UTF-8 locale, bars are drawn with block characters
TZ                  time zone of displayed times (or --tz)
""",
    "formatting": """\
On a terminal, lists are tables that fit its width. Elsewhere they are TSV: one
header line, nothing cut, no limit.

--format table|tsv|csv|json|ndjson|ids|template selects a format; --json is
short for --format json. --json=id,subject selects fields; --columns
id,subject,owner selects columns; --columns all shows every column.

The names are the same in tables, in JSON and in `ticketctl export`; of an
object in the JSON the parts are columns: customer_name, email, sla_state,
due_at, cf.NAME.

--no-headers leaves out the header line. --bom starts a CSV file with a mark,
so that Excel reads it as UTF-8. TSV escapes tab and newline as \\t and \\n.
CSV follows RFC 4180. In both, text that a spreadsheet would run as a formula
gets an apostrophe in front; JSON is exact.

Control characters, bidi overrides and zero-width marks are printed as \\x1b or
\\u202e; JSON escapes them exactly.

Tables leave out ALERT, SLA, OWNER, PRIO and * if no row has a value, and
UPDATED, then CUSTOMER, if the subject would be unreadable. Columns named with
--columns are shown as far as they fit, and a line tells what has no room. The
subject is cut last.

A row is red or yellow as ALERT says: older than `red` or `yellow` of [alerts];
dim: ended; bold: important. ALERT, STATUS and * say the same in words. ←
beside a status: the customer waits for us (awaiting:agent). In SLA, a breach
is in reverse and a warning is underlined.

SLA is `ok 2h10m` (time left), `warn 0h20m`, `breach +1h05m` (time over),
`paused`, `met`, `-`; below 100 columns without minutes from ten hours on.

--row-template JINJA prints a line for each row, in a sandbox, with the names
of --json. Filters: `|ago` or `|local` for a time, `|trunc(20)` or
`|color("red", bold=true)` for a text, `|dur` for seconds:
  ticketctl my --row-template '{{id}} {{created_at|ago}} {{subject|trunc(40)}}'

Times are local on a terminal (--tz), RFC 3339 UTC elsewhere. Data goes to
stdout, messages to stderr.
""",
    "query": """\
field:value        the field has the value         status:open
field:a,b          one of them                     segment:billing,support
-field:value       not                             -owner:ana
                   also NOT, field!=value, field:~value   NOT is:important
field<T field>=T   compare                         created>=2026-03-01  age>2h
word "two words"   in subject, messages, comments, fields
                   refund also finds refunds, refunded; "refund" does not (in
                   Czech, English, French, German, Spanish)
                   refun* finds every word that begins so
a b   a AND b      both       ( a OR b )           either
open mine closed … a status, or a word that may follow is:, works alone;
                   all: any age. Ambiguous words are refused; quoted words
                   are text: '"open"', or `ticketctl search open`
is:open …          also unassigned mine important spam merged ended breached
                   awaiting-agent awaiting-customer no-sla
has:attachment     also comment order
due<2h due:today   when the most urgent clock is due; due:none
sla:ok …           also warn breach paused met none
alert:red …        also yellow none: older than red or yellow of [alerts], as
                   the rows of a list are coloured
sla.first<1h       time left on a clock: sla.first, sla.next, sla.resolve,
                   sla.assign; <0 is overdue
rating<=2          the customer's last answer to a survey; csat (1-5),
                   nps (0-10), survey:NAME
cf.NAME:value      a custom field; numbers and dates can be compared:
                   cf.amount>100 cf.delivery<today
                   customer.cf.NAME is the customer's field; so is cf.NAME if
                   only customers have it
@NAME              a saved query (ticketctl query), as if written in brackets
sort:-priority,due sort order; - means descending
sort:waiting       the customer who has waited longest for us first (usual
                   with awaiting:agent)
columns:id,owner   the columns of the list, unless --columns says otherwise
no:owner           as owner:none
@me none any       owner: you, nobody, somebody; other fields: none is empty,
                   any is not empty

Fields: id status priority owner watcher segment source_segment mailbox channel
  type tag customer email subject body comments text created updated
  last_customer resolved closed age due kind awaiting language
customer: a number, an address or part of a name; email: an address or @domain
Sort by: created updated resolved closed due id priority important status owner
  segment mailbox channel type subject customer
Times: 2026-03-01, 2026-03, today, monday, 7d, 1mo, 2026-03-09T08:10

A span such as 7d counts from now: back for created, updated, resolved and
closed (updated<14d: no change for 14 days; created>2h: in the last two hours),
ahead for due and for time left on a clock (due<2h: within two hours; due<-2h:
two hours late). For a date in cf.NAME, write the sign: -7d or +7d. field:7d is
the time between then and now.

Queries work in list, search options, board, stats, export, report, --query,
[[rule]] when and [[sla]] match (in the last two without @NAME, and with a
field before each word). --query selects the tickets that list shows: those of
the last month, unless the query has a time, a number or all. In a shell, quote
<, >, !, #, ( and ).
""",
    "ui": """\
ticketctl ui [QUERY] shows queues, tickets and a conversation on one screen,
and keeps them current. It needs the extra ui: pip install 'ticketctl[ui]'.
What a key does, a command does too, with the same questions; undo takes it
back.

? shows all keys. 1 2 3 or Tab goes to a pane, j k or the arrow keys move,
Enter opens, q goes back. r replies in your editor, c comments, a assigns, t
takes, w waits, s resolves, x closes, u undoes. J K goes from message to
message, f unfolds what one quotes, v opens or saves attachments, i shows the
customer. Space marks tickets; the next key acts on all of them. / lists the
tickets of a query, : runs any command, ! shows its output, Ctrl-P finds keys
and commands by word. Escape leaves a question without an answer; nothing is
changed.

--theme dark|light|terminal (setting ui.theme) chooses the colours, NO_COLOR
has none; ui.opener opens attachments.
""",
    "shortcuts": """\
ticketctl query save hot 'is:open priority:critical' --columns id,owner,subject
    saves a query with its columns: `list @hot` and `export @hot` show them
ticketctl query default hot
    `list` alone shows @hot; `list --no-default` shows the last month
export TICKETCTL_QUERY='segment:billing open'
    `list` alone shows this in this shell; it comes before your default query

In config.toml (`ticketctl config path` says where it is):

[alias]
hot = "list @hot"
mine = "list owner:@me sort:due"
done = "close --reply 'Thank you, this is solved.'"

    `ticketctl hot` runs `ticketctl list @hot`; what you write after it is
    appended: `ticketctl done 12`. An alias may begin with another alias. It
    never replaces a command: `ticketctl doctor` says which are not used.
""",
    "json": """\
`list`, `my`, `next`, `search --json`: an array of tickets; `show --json`: one,
  with messages, comments, customer.
`board --json`: [{"column", "count", "tickets"}]; `stats --json`: an object for
  each count, with `tickets`.
`query list --json`: [{"name", "query", "shared", "default"}].
`history`, `inbox list`, `outbox list --json`: other arrays. docs/json.md
  describes every shape.
`gateway ingest` reads lines {"id", "channel", "customer", "text", …}: see
  "Lines" in docs/json.md.
--format ndjson prints one object per line as it goes; `list --watch` in a pipe
  does so without end.
--json=id,subject selects fields; an unknown field exits with 2 and lists all
  of them.
Times are RFC 3339 UTC with Z, durations whole seconds, words lower case,
  missing values null. Keys never depend on the data. Names are added, never
  renamed.
""",
}
