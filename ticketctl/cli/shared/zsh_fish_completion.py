"""Completion in zsh and fish, which replace the whole word: with `--status=` in front, and all behind a comma."""

from click.shell_completion import CompletionItem, FishComplete, ZshComplete

_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a response plain open described open_described
    local type key descr
    (( ! $+commands[%(prog_name)s] )) && return 1

    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete %(prog_name)s)}")

    for type key descr in ${response}; do
        if [[ "$type" == (dir|file) ]]; then
            [[ "$PREFIX" == -*=* ]] && compset -P '*='
            if [[ "$type" == "dir" ]]; then _path_files -/; else _path_files -f; fi
        elif [[ "$descr" != "_" ]]; then
            if [[ "$key" == *[:=] ]]; then open_described+=("$key:$descr"); else described+=("$key:$descr"); fi
        elif [[ "$key" == *[:=] ]]; then
            open+=("$key")
        else
            plain+=("$key")
        fi
    done

    # Behind a colon or = the word goes on, so it gets no blank.
    (( $#described )) && _describe -V unsorted described -U
    (( $#open_described )) && _describe -V unsorted open_described -U -S ''
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#open )) && compadd -U -V unsorted -S '' -a open
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s;
    set -l line (commandline -cp);
    set -l word (commandline -ct);
    set -l option (string match --regex -- '^-[^=]*=' "$word");
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS="$line" COMP_CWORD="$word" %(prog_name)s);

    for completion in $response;
        set -l metadata (string split -m 1 "," -- $completion);

        if test $metadata[1] = "dir";
            printf '%%s\\n' "$option"(__fish_complete_directories $metadata[2]);
        else if test $metadata[1] = "file";
            printf '%%s\\n' "$option"(__fish_complete_path $metadata[2]);
        else if test $metadata[1] = "plain";
            echo $metadata[2];
        end;
    end;
end;

complete --keep-order --no-files --command %(prog_name)s --arguments "(%(complete_func)s)";
"""


class ZshWords(ZshComplete):
    """Keeps the option in front of a value, and reads a description of several lines as one."""

    source_template = _ZSH

    def complete(self) -> str:
        """What is offered in place of the word that is typed."""
        args, incomplete = self.get_completion_args()
        found = self.get_completions(args, incomplete)
        return "\n".join(self.format_completion(_whole(one, incomplete)) for one in found)


class FishWords(FishComplete):
    """Keeps the option in front of a value."""

    source_template = _FISH

    def complete(self) -> str:
        """What is offered in place of the word that is typed."""
        args, incomplete = self.get_completion_args()
        found = self.get_completions(args, incomplete)
        return "\n".join(self.format_completion(_whole(one, incomplete)) for one in found)


def _whole(item: "CompletionItem[str]", incomplete: str) -> "CompletionItem[str]":
    """An offer for the whole word: `--status=new`, where `--status=n` is typed."""
    option, mark, _ = incomplete.partition("=")
    front = (
        f"{option}{mark}" if mark and incomplete.startswith("-") and item.type == "plain" else ""
    )
    about = " ".join(item.help.split()) if item.help else None
    return CompletionItem(f"{front}{item.value}", item.type, about)
