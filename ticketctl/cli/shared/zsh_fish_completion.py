"""Completion in zsh and fish, which replace the whole word: with `--status=` in front, and all behind a comma."""

from click.shell_completion import CompletionItem, FishComplete, ZshComplete

# The program answers three lines for each offer: its kind, the word, and what it is (`_` for nothing). Behind a colon
# or an equals sign the word goes on, so it gets no blank.
_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    (( $+commands[%(prog_name)s] )) || return
    local -x COMP_WORDS="$words" COMP_CWORD=$((CURRENT - 1)) %(complete_var)s=zsh_complete
    local -a answer ends goes_on
    local kind word about
    answer=("${(@f)$(%(prog_name)s)}")
    for kind word about in $answer; do
        if [[ $kind == plain ]]; then
            [[ $about == _ ]] && word=${word//:/\\\\:} about=
            if [[ $word == *[:=] ]]; then
                goes_on+=("$word${about:+:$about}")
            else
                ends+=("$word${about:+:$about}")
            fi
            continue
        fi
        [[ $PREFIX == -*=* ]] && compset -P '*='
        if [[ $kind == dir ]]; then _path_files -/; else _path_files; fi
    done
    (( $#ends )) && _describe -V offers ends -U
    (( $#goes_on )) && _describe -V offers goes_on -U -S ''
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

# The program answers a line for each offer: its kind, a comma, the word, and behind a tab what it is.
_FISH = """\
function %(complete_func)s
    set -l typed (commandline -cp) (commandline -ct)
    set -l front (string match -r -- '^-[^=]*=' "$typed[-1]")
    env COMP_WORDS="$typed[1..-2]" COMP_CWORD="$typed[-1]" %(complete_var)s=fish_complete %(prog_name)s |
    while read -l -d , kind offer
        switch $kind
            case dir
                printf '%%s\\n' "$front"(__fish_complete_directories $offer)
            case file
                printf '%%s\\n' "$front"(__fish_complete_path $offer)
            case plain
                echo $offer
        end
    end
end

complete -k -f -c %(prog_name)s -a '(%(complete_func)s)'
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
