"""Examples of the commands about mail and administration."""

TEXT = """\
ticketctl inbox list
ticketctl inbox list --state held
ticketctl inbox list --limit 5 --json

ticketctl inbox show 3
ticketctl inbox show 3 --raw > mail.eml

ticketctl inbox explain 3                 # why it went where it is

ticketctl inbox retry 3
ticketctl inbox retry --all

ticketctl inbox drop 3

ticketctl outbox list
ticketctl outbox list --state failed

ticketctl outbox show 2
ticketctl outbox show 2 --raw > mail.eml

ticketctl outbox retry 2

ticketctl outbox cancel 2

ticketctl outbox flush

ticketctl ban list

ticketctl ban add "*@spam.example" -m "Sells lamps."
ticketctl ban add eve@customer.example

ticketctl ban remove "*@junk.example"

ticketctl unsubscribe lea@board.example --from reports
ticketctl unsubscribe --list
ticketctl unsubscribe lea@board.example --undo

ticketctl mailbox list

ticketctl mailbox test
ticketctl mailbox test support

ticketctl mailbox login support
ticketctl mailbox login support --token-file token.txt

ticketctl gateway serve

ticketctl gateway demo
ticketctl gateway demo --folder /tmp/demo

ticketctl gateway ingest mail.eml
ticketctl gateway ingest --recipient support@help.example < mail.eml
ticketctl gateway ingest --channel chat messages.ndjson

ticketctl gateway poll
ticketctl gateway poll support --wait

ticketctl gateway file

ticketctl gateway send

ticketctl gateway status
ticketctl gateway status --exit-status -q  # for monitoring

ticketctl gateway explain mail.eml
ticketctl gateway explain --recipient support@help.example < mail.eml

ticketctl init --domain help.example --email ana@help.example
ticketctl init --url sqlite:////srv/help/desk.db --group helpdesk --survey
sudo -u ticketctl ticketctl init --email ana@help.example --login ana

ticketctl demo
ticketctl demo --folder /tmp/demo

ticketctl apply desk.toml
ticketctl apply desk.toml --dry-run

ticketctl desk show > desk.toml
ticketctl desk show --version 1
ticketctl desk show --json

ticketctl desk history

ticketctl desk diff                       # the last change
ticketctl desk diff 1 2
ticketctl desk diff --exit-status desk.toml || mail -s "desk differs" ops

ticketctl desk rollback 1 --dry-run
ticketctl desk rollback 1

ticketctl rule list

ticketctl rule test "refund words" --ticket 12

ticketctl rule on "refund words"

ticketctl rule off "refund words"

ticketctl rule log
ticketctl rule log --ticket 12
ticketctl rule log --rule "refund words" --limit 5

ticketctl rule run
ticketctl rule run --dry-run

ticketctl sla check
ticketctl sla check --dry-run
ticketctl sla check -q --fail-on breach   # for monitoring

ticketctl sla show 12
ticketctl sla show 12 --explain

ticketctl sla test standard
ticketctl sla test standard --priority high --created "2026-03-06 16:30"

ticketctl sla recompute
ticketctl sla recompute --dry-run

ticketctl calendar list

ticketctl calendar test madrid --from "2026-03-06 16:30" --add 4h --explain
ticketctl calendar test madrid --from 2026-03-06 --to 2026-03-09 --json

ticketctl calendar fetch

ticketctl purge --closed-before 2024-01-01 --dry-run
ticketctl purge --closed-before 2y -y

ticketctl db init

ticketctl db upgrade

ticketctl db check
ticketctl db check --full

ticketctl db backup desk.backup
ticketctl db backup backups --keep 7      # a folder; the last seven stay
ticketctl db backup - | gzip > desk.backup.gz

ticketctl db restore desk.backup          # into an empty database
ticketctl db restore desk.backup --force  # over a desk that has tickets

ticketctl db copy --to postgresql:///help

ticketctl db stats

ticketctl config list
ticketctl config list --origin            # and where each is set

ticketctl config get db.url

ticketctl config path

ticketctl doctor
ticketctl doctor --json

ticketctl whoami
ticketctl whoami --as ben

ticketctl completion bash
eval "$(ticketctl completion bash)"       # in .bashrc
ticketctl completion fish > ~/.config/fish/completions/ticketctl.fish

ticketctl help
ticketctl help query
ticketctl help reply
"""
