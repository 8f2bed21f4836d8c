#compdef copier

_copier() {
    local context state state_descr line word command=
    typeset -A opt_args
    local -a commands
    commands=(
        'copy:Copy a file\: [it'\''s] read'
        'list:List what there is'
    )
    for word in ${words[2,CURRENT-1]}; do
        case $word in
            copy|list) command=$word; break ;;
        esac
    done
    if [[ -z $command && ( $CURRENT -gt 2 || $words[CURRENT] == -* ) ]]; then
        command=copy
    fi
    case $command in
        copy)
            _arguments -s \
                '*--form=[How to write it]:FORM:(plain packed)' \
                '*-f+[How to write it]:FORM:(plain packed)' \
                '*--check[Look at it\: don'\''t write \[anything\]]' \
                '*--no-check[Look at it\: don'\''t write \[anything\]]' \
                '*--into=[The folder]:DIR:_files -/' \
                '*--limit=[Most bytes | a number]:N: ' \
                '*--config=[Read flags from this file]:FILE:_files' \
                '*:from:_files'
            ;;
        list)
            _arguments -s \
                '*--limit=[Most lines]:N: ' \
                '*--config=[Read flags from this file]:FILE:_files' \
                '*:argument: '
            ;;
        *)
            _describe -t commands command commands
            _files
            ;;
    esac
}

if [[ $funcstack[1] == _copier ]]; then
    _copier "$@"
else
    compdef _copier copier
fi
