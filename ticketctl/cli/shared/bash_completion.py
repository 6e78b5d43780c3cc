"""Completion in bash, which takes `:` and `=` for the end of a word: `status:n`, `--status=n`, `--set reason=r`."""

import os

from click.shell_completion import BashComplete, CompletionItem, split_arg_string

_SOURCE = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion type value

    response=$(COMP_LINE="${COMP_LINE:0:$COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1")
    COMPREPLY=()

    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"

        if [[ $type == 'dir' ]]; then
            compopt -o dirnames
        elif [[ $type == 'file' ]]; then
            compopt -o default
        elif [[ $type == 'plain' ]]; then
            COMPREPLY+=("$value")
            if [[ $value == *[:=] ]]; then
                compopt -o nospace 2> /dev/null
            fi
        fi
    done

    return 0
}

%(complete_func)s_setup() {
    complete -o nosort -F %(complete_func)s %(prog_name)s
}

%(complete_func)s_setup;
"""
_PARTING = ":="  # of the characters of COMP_WORDBREAKS, those that stand inside our words


class WholeWords(BashComplete):
    """Reads the line up to the cursor in place of bash's words, and offers what bash will put behind its last break."""

    source_template = _SOURCE

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one."""
        line = os.environ.get("COMP_LINE")
        if line is None:
            return super().get_completion_args()
        words = split_arg_string(line)
        ended = line[-1:].isspace() and not split_arg_string(line + "x")[-1:][0][:-1]
        incomplete = "" if ended or len(words) < 2 else words.pop()
        return words[1:], incomplete

    def complete(self) -> str:
        """What is offered, without the part that bash leaves as it is."""
        args, incomplete = self.get_completion_args()
        quoted = _open_quotation(os.environ.get("COMP_LINE", ""))
        if quoted is None:
            breaks = os.environ.get("COMP_WORDBREAKS", "")
            kept = max((incomplete.rfind(one) for one in _PARTING if one in breaks), default=-1) + 1
        else:
            kept = max(len(incomplete) - len(quoted), 0)
        found = self.get_completions(args, incomplete)
        return "\n".join(self.format_completion(_behind(one, incomplete[:kept])) for one in found)


def _open_quotation(line: str) -> str | None:
    """What stands behind a quotation mark that is still open: bash breaks no word there. None if there is none."""
    mark, start, escaped = "", 0, False
    for at, one in enumerate(line):
        if escaped:
            escaped = False
        elif one == "\\" and mark != "'":
            escaped = True
        elif mark:
            mark = "" if one == mark else mark
        elif one in "'\"":
            mark, start = one, at + 1
    return line[start:] if mark else None


def _behind(item: "CompletionItem[str]", front: str) -> "CompletionItem[str]":
    return CompletionItem(str(item.value).removeprefix(front), item.type, item.help)
