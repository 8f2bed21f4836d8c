# bash completion for copier

_copier() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flag= command= word
    # bash makes words of their own of --flag, = and value.
    if [[ $cur == = ]]; then
        flag=$prev cur=
    elif [[ $prev == = ]]; then
        flag=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $prev == -* ]]; then
        flag=$prev
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            copy|list) command=$word; break ;;
        esac
    done
    if [[ -z $command && ( COMP_CWORD -gt 1 || $cur == -* ) ]]; then
        command=copy
    fi
    COMPREPLY=()
    case $command in
        copy)
            case $flag in
                --form|-f) mapfile -t COMPREPLY < <(compgen -W 'plain packed' -- "$cur"); return ;;
                --into) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); compopt -o filenames; return ;;
                --limit) compopt +o default +o bashdefault; return ;;
                --config) return ;;
            esac
            if [[ $cur == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W '--form --check --no-check --into --limit --config' -- "$cur")
            fi
            ;;
        list)
            case $flag in
                --limit) compopt +o default +o bashdefault; return ;;
                --config) return ;;
            esac
            if [[ $cur == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W '--limit --config' -- "$cur")
            fi
            ;;
        *)
            if [[ $cur == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W '--config' -- "$cur")
            else
                mapfile -t COMPREPLY < <(compgen -W 'copy list' -- "$cur")
            fi
            ;;
    esac
}

complete -o bashdefault -o default -F _copier copier
