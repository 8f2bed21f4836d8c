# fish completion for copier

complete -c copier -f
complete -c copier -n 'not __fish_seen_subcommand_from copy list' -a copy -d 'Copy a file: [it\'s] read'
complete -c copier -n 'not __fish_seen_subcommand_from copy list' -a list -d 'List what there is'

complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -F
complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -l form -s f -x -a 'plain packed' -d 'How to write it'
complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -l check -d 'Look at it: don\'t write [anything]'
complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -l no-check -d 'Not: Look at it: don\'t write [anything]'
complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -l into -x -a '(__fish_complete_directories)' -d 'The folder'
complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -l limit -x -d 'Most bytes | a number'
complete -c copier -n 'not __fish_seen_subcommand_from copy list; or __fish_seen_subcommand_from copy' -l config -r -F -d 'Read flags from this file'

complete -c copier -n '__fish_seen_subcommand_from list' -l limit -x -d 'Most lines'
complete -c copier -n '__fish_seen_subcommand_from list' -l config -r -F -d 'Read flags from this file'
