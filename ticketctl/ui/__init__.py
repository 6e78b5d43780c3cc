"""`ticketctl ui`: the desk on one screen, made of the queries, pages and commands of the command line.

    command.py       the command: refuses what is no terminal, starts the screen
    first_screen.py  the tickets, shown while Textual is loaded
    desk_app.py      the program: what each key does
    desk_view.py     what it shows, and how that is read
    commands.py      runs command lines beside the screen, one at a time
    keys.py          every key: what it types or does, its word in the footer
    palette.py       what Ctrl-P finds
    queues.py        the queues at the left, and the tickets of one
    reading.py       what the panes show, as lines
    context.py       what reading and running need of the screen
    layout.py        which panes there is room for
    themes.py        its colours
    attachments.py   lists attachments, and opens copies of them
    live.py          asks whether anything changed
    news.py          which queues have something new
    panes/           queues, tickets, conversation: lines of text with a place that is kept
    line/            the line at the bottom: a command or a query, its completion, how it is run
    dialogs/         questions, output, help

Everything that changes a ticket is a command line (line/run.py). Textual is imported here and nowhere else.
"""
