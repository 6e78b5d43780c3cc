"""Examples of the commands that read and change tickets, and of those about people."""

TEXT = """\
ticketctl list owner:none                 # what nobody has taken
ticketctl list "refund" segment:billing created:last-week
ticketctl list status:open --json id,subject,owner

ticketctl my
ticketctl my --changed-since yesterday
ticketctl my status:waiting --sort updated

ticketctl next
ticketctl next --take
ticketctl next --take --segment support

ticketctl show 12
ticketctl show 12 --full --history
ticketctl show 12 --raw --message 1 > mail.eml

ticketctl search refund
ticketctl search "charged twice" --segment billing
ticketctl search "refun*" --in subject,body --limit 5

ticketctl ui
ticketctl ui owner:none sort:waiting
ticketctl ui --theme light

ticketctl history 12
ticketctl history 12 --only assigned,status
ticketctl history 12 --json

ticketctl context 12 3
ticketctl context 12 3 -C 1               # one neighbour on each side
ticketctl context 12 3 --url

ticketctl attachment list 12
ticketctl attachment list 12 --all-inline

ticketctl attachment get 12 1
ticketctl attachment get 12 1 -o slip.pdf
ticketctl attachment get 12 --all invoices

ticketctl board
ticketctl board --by owner
ticketctl board segment:billing --by priority --limit 5

ticketctl stats
ticketctl stats --by owner,status
ticketctl stats created:last-month --by day --chart

ticketctl query save late "sla:breach is:open"
ticketctl query save mail "channel:email" --columns id,subject,owner
ticketctl list @late                      # the saved query in use

ticketctl query list

ticketctl query show late

ticketctl query default late
ticketctl list --no-default               # without it, once

ticketctl query reset

ticketctl query share late

ticketctl query delete late

ticketctl report all --period last-month
ticketctl report sla --period last-week --by segment --compare
ticketctl report volume --format html -o volume.html

ticketctl export -o tickets.csv
ticketctl export created:2026-03 --format xlsx -o march.xlsx
ticketctl export 12 --attachments folder -o ticket-12.html

ticketctl new --customer dora@customer.example --subject Lamp -m "phone"
ticketctl new --customer +34600112233 --subject Refund --channel phone -m Hi
ticketctl new --canned call-back --customer +34600112233 -m "by phone"

ticketctl edit 12 --priority high --tag printer -m "they print all day"
ticketctl edit 12,14 --segment billing -m "about an invoice"
ticketctl edit 12 --set reason=refund --due 2026-03-10T17:00 -m "see the call"
ticketctl edit --query "tag:printer is:open" --priority low -m quiet --dry-run

ticketctl assign 12 ben -m "knows printers"
ticketctl assign 12,14 nobody -m "I am away"
ticketctl assign 12,14 --auto -m "morning round"

ticketctl take 12
ticketctl take 12,14 --steal -m "Ben is away"

ticketctl reply 12                        # in your editor
ticketctl reply 12 -m "It is on its way." --close
ticketctl reply 12 --canned delay --cc shop@partner.example
ticketctl reply 12 -F answer.txt --attach invoice.pdf --delay 10m

ticketctl canned add thanks -m "Dear {{ customer_name }}, thank you."
ticketctl canned add delay --language fr -m "Bonjour, encore un jour."
ticketctl canned add visit --kind ticket --subject "Visit" -m "Please come."

ticketctl canned edit delay -m "Dear {{ customer_name }}, two days more."
ticketctl canned edit call-back --priority high --tag phone

ticketctl canned remove delay
ticketctl canned remove delay --language es

ticketctl canned replace "one day" "two days" --dry-run
ticketctl canned replace "one day" "two days"

ticketctl canned list
ticketctl canned list day                 # those with this word

ticketctl canned show delay
ticketctl canned show delay --language es

ticketctl canned test delay --ticket 12

ticketctl canned suggest 12
ticketctl canned suggest 12 --limit 3

ticketctl comment 12 -m "@ben have you seen this before?"
ticketctl comment 12,14 -F note.txt
ticketctl comment 12 -m "The old contract." --attach invoice.pdf

ticketctl escalate 12 -m "The printer burns."
ticketctl escalate 12 --to lab@partner.example -m "Is it the fuse?"
ticketctl escalate 12 --level 2 --priority critical -m "Whole office."

ticketctl wait 12
ticketctl wait 12 --until "in 2 days" -m "They send a photo."
ticketctl wait 12,14 --until 2026-04-01

ticketctl resolve 12 -m "A new driver helped."
ticketctl resolve 12 --reply "We have refunded it." --set reason=refund
ticketctl resolve --query tag:printer -m "The new driver is out."

ticketctl close 12 -m "Answered by phone."
ticketctl close 12,14 -m "No answer for a month."
ticketctl list status:resolved --ids | ticketctl close - -m "Long done."

ticketctl reopen 18 -m "It broke again."

ticketctl spam 12
ticketctl spam 12,14 -m "Sells lamps."

ticketctl unspam 19

ticketctl merge 14 --into 12
ticketctl merge 14,15 --into 12 -m "The same printer."

ticketctl unmerge 17

ticketctl split 12 --message 4
ticketctl split 12 --message 4 --subject "Lamp" -m "Another matter."

ticketctl link 12 blocks 14
ticketctl link 12 duplicate 15 -m "The same cable."

ticketctl unlink 12 related 16

ticketctl watch 12
ticketctl watch 12,14 --agent ben
ticketctl list watcher:@me                # what you watch

ticketctl unwatch 12
ticketctl unwatch 12 --agent ben
ticketctl unwatch --query watcher:@me

ticketctl undo
ticketctl undo 2
ticketctl undo --list

ticketctl customer export dora@customer.example -o dora.json
ticketctl customer export dora@customer.example --comments

ticketctl customer erase dora@customer.example --dry-run
ticketctl customer erase dora@customer.example

ticketctl customer list
ticketctl customer list dora
ticketctl customer list --limit 0 --json

ticketctl customer show dora@customer.example
ticketctl customer show +34600112233

ticketctl customer suggest dora@customer.example

ticketctl customer tickets dora@customer.example
ticketctl customer tickets dora@customer.example --all

ticketctl customer edit dora@customer.example --name "Dora Sánchez"
ticketctl customer edit dora@customer.example --language es

ticketctl customer link dora@customer.example +34611223344
ticketctl customer link dora@customer.example twitter:@dora -m "they say so"

ticketctl customer unlink dora@customer.example dora@old.example

ticketctl customer merge carl@customer.example --into dora@customer.example

ticketctl customer touch dora@customer.example
ticketctl customer touch dora@customer.example --page /cart

ticketctl order list
ticketctl order list --customer dora@customer.example

ticketctl order import orders.csv
ticketctl order import --provider shopify - < orders.csv

ticketctl order sync
ticketctl order sync shoes --since 2026-03-01

ticketctl agent list
ticketctl agent list --columns name,here

ticketctl agent load
ticketctl agent load --json

ticketctl agent away --until 2026-03-20 -m "On holiday."
ticketctl agent away ben
ticketctl agent away --until 2h -m lunch

ticketctl agent back
ticketctl agent back ben

ticketctl survey send
ticketctl survey send --dry-run

ticketctl survey list

ticketctl survey answer 18 5
ticketctl survey answer 18 2 -m "On the phone: too slow."

ticketctl survey add csat 4 --ticket 18 --id r-81
ticketctl survey add csat 2 --customer dora@customer.example -m "Too slow."
"""
