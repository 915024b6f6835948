# fish completion for essaim. Names of peers, shares and transfers come from the running node of the home that the
# command line names; without one, nothing is started and nothing is offered.

# The home that is named on the command line, else the one that essaim would take.
function __essaim_home
    set -l words (commandline -opc)
    set -l at (contains -i -- --home $words)
    and test (count $words) -gt $at
    and echo $words[(math $at + 1)]
    and return
    set -q ESSAIM_HOME
    and echo $ESSAIM_HOME
    and return
    set -q XDG_DATA_HOME
    and echo $XDG_DATA_HOME/essaim
    or echo $HOME/.local/share/essaim
end

# The values of a field in what `essaim COMMAND --json` prints: __essaim_values COMMAND FIELD
function __essaim_values
    set -l home (__essaim_home)
    test -S $home/node.sock
    or return
    essaim $argv[1] --json --home $home 2>/dev/null | string match -ar "\"$argv[2]\": *\"[^\"]*\"" |
        string replace -r '^[^:]*: *"(.*)"$' '$1'
end

function __essaim_is
    __fish_seen_subcommand_from $argv
end

complete -c essaim -f

complete -c essaim -n __fish_use_subcommand -a up -d 'run the node in the foreground'
complete -c essaim -n __fish_use_subcommand -a share -d 'share files or folders'
complete -c essaim -n __fish_use_subcommand -a unshare -d 'stop sharing'
complete -c essaim -n __fish_use_subcommand -a shares -d 'list what is shared here'
complete -c essaim -n __fish_use_subcommand -a peers -d 'list who is near'
complete -c essaim -n __fish_use_subcommand -a ls -d 'list what peers share'
complete -c essaim -n __fish_use_subcommand -a search -d 'ask everyone nearby'
complete -c essaim -n __fish_use_subcommand -a get -d download
complete -c essaim -n __fish_use_subcommand -a transfers -d 'list what is being downloaded'
complete -c essaim -n __fish_use_subcommand -a pause -d 'pause a download'
complete -c essaim -n __fish_use_subcommand -a resume -d 'go on with it'
complete -c essaim -n __fish_use_subcommand -a first -d 'put it before all others'
complete -c essaim -n __fish_use_subcommand -a limit -d 'let it take so much a second'
complete -c essaim -n __fish_use_subcommand -a cancel -d 'give it up'
complete -c essaim -n __fish_use_subcommand -a send -d 'offer files or folders to peers'
complete -c essaim -n __fish_use_subcommand -a inbox -d 'list what is offered to you'
complete -c essaim -n __fish_use_subcommand -a accept -d 'take what is offered'
complete -c essaim -n __fish_use_subcommand -a decline -d 'do not take it'
complete -c essaim -n __fish_use_subcommand -a withdraw -d 'take an offer of yours back'
complete -c essaim -n __fish_use_subcommand -a pair -d 'make sure who a peer is'
complete -c essaim -n __fish_use_subcommand -a trust -d 'trust a peer'
complete -c essaim -n __fish_use_subcommand -a block -d 'show a peer nothing'
complete -c essaim -n __fish_use_subcommand -a forget -d 'make a peer a stranger again'
complete -c essaim -n __fish_use_subcommand -a web -d 'open the page in a browser'
complete -c essaim -n __fish_use_subcommand -a status -d 'show the running node'
complete -c essaim -n __fish_use_subcommand -a doctor -d 'find out why something does not work'
complete -c essaim -n __fish_use_subcommand -a stop -d 'stop the running node'
complete -c essaim -n __fish_use_subcommand -a hash -d 'print a link without sharing'
complete -c essaim -n __fish_use_subcommand -a verify -d 'check a copy against a link'
complete -c essaim -n __fish_use_subcommand -a identity -d 'carry this identity to another machine'

complete -c essaim -l home -d 'the folder of identity, catalogue and settings' -xa '(__fish_complete_directories)'
complete -c essaim -l json -d 'JSON instead of text'
complete -c essaim -s q -l quiet -d 'results and errors only'
complete -c essaim -l log-level -d 'how much to log' -xa 'debug info warning error'
complete -c essaim -s h -l help -d explain
complete -c essaim -n __fish_use_subcommand -l version -d 'print the version'

set -l network __essaim_is up share get peers ls search doctor send pair trust block forget
complete -c essaim -n "$network" -l port -d 'TCP port' -x
complete -c essaim -n "$network" -l discovery-port -d 'UDP port' -x
complete -c essaim -n "$network" -l interface -d 'only this interface' -xa '(command ls /sys/class/net 2>/dev/null)'
complete -c essaim -n "$network" -l peer -d 'announce to this address too' -x
complete -c essaim -n "$network" -l no-classic -d 'encrypted peers only'
complete -c essaim -n "$network" -l up-limit -d 'bytes a second' -x
complete -c essaim -n "$network" -l down-limit -d 'bytes a second' -x
complete -c essaim -n "$network" -l web -d 'address of the page' -xa off
complete -c essaim -n '__essaim_is up' -l sandbox -d 'reach only what is shared, the home and downloads'
complete -c essaim -n '__essaim_is up get peers ls search doctor' -l name -d 'what people call this peer' -x

complete -c essaim -n '__essaim_is up' -l dest -d 'where downloads go' -xa '(__fish_complete_directories)'
complete -c essaim -n '__essaim_is up' -l accept-from -d 'whose offers to take without asking' -xa 'nobody trusted everyone'
complete -c essaim -n '__essaim_is up' -l accept-into -d 'into this folder' -xa '(__fish_complete_directories)'
complete -c essaim -n '__essaim_is up' -l accept-up-to -d 'if they are not larger' -x
complete -c essaim -n '__essaim_is send' -l to -d whom -xa '(__essaim_values peers name)'
complete -c essaim -n '__essaim_is send' -l wait -d 'until everybody has it'
complete -c essaim -n '__essaim_is inbox' -l sent -d 'what you have offered'
complete -c essaim -n '__essaim_is accept' -s o -l output -d 'into this folder' -xa '(__fish_complete_directories)'
complete -c essaim -n '__essaim_is accept decline' -xa '(__essaim_values inbox id)'
complete -c essaim -n '__essaim_is pair trust block forget' -xa '(__essaim_values peers name)'
complete -c essaim -n '__essaim_is share' -l name -d 'what others see it called' -x
complete -c essaim -n '__essaim_is share' -l audience -d 'who may see it' -xa 'everyone trusted unlisted (__essaim_values peers name)'
complete -c essaim -n '__essaim_is get' -s o -l output -d 'where to' -rF
complete -c essaim -n '__essaim_is get' -l first -d 'before all that waits for its turn'
complete -c essaim -n '__essaim_is get' -l stdout -d 'write the bytes of one file as they come'
complete -c essaim -n '__essaim_is status' -l qr -d 'and a QR code of the id'
complete -c essaim -n '__essaim_is identity; and not __essaim_is export import' -a 'export import'
complete -c essaim -n '__essaim_is export import' -F
complete -c essaim -n '__essaim_is identity' -l passphrase-file -d 'its first line is the passphrase' -rF
complete -c essaim -n '__essaim_is import' -l replace -d 'an identity that is there'
complete -c essaim -n '__essaim_is web' -l print -d 'only print the address'
complete -c essaim -n '__essaim_is peers transfers' -l watch -d 'go on showing changes'

complete -c essaim -n '__essaim_is up share hash verify send' -F
complete -c essaim -n '__essaim_is unshare' -xa '(__essaim_values shares name)'
complete -c essaim -n '__essaim_is get' -xa '(__essaim_values ls path)'
complete -c essaim -n '__essaim_is ls' -xa '(__essaim_values peers name)'
complete -c essaim -n '__essaim_is pause resume first limit cancel' -xa '(__essaim_values transfers id)'
