# bash completion for essaim. Names of peers, shares and transfers come from the running node of the home that the
# command line names; without one, nothing is started and nothing is offered.

_essaim_commands="up share unshare shares peers ls search get transfers pause resume first limit cancel web status doctor stop hash verify identity send inbox accept decline withdraw pair trust block forget"
_essaim_common="--home --json --quiet --log-level --help --version"
_essaim_network="--name --port --discovery-port --interface --peer --no-classic --up-limit --down-limit --web"

# The values of a field in what `essaim COMMAND --json` prints: _essaim_values COMMAND FIELD
_essaim_values() {
  [[ -S ${_essaim_home:-${ESSAIM_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/essaim}}/node.sock ]] || return
  essaim "$1" --json ${_essaim_home:+--home "$_essaim_home"} 2>/dev/null |
    grep -o "\"$2\": *\"[^\"]*\"" | sed 's/^[^:]*: *"//; s/"$//'
}

_essaim() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' _essaim_home='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --home) _essaim_home=${COMP_WORDS[i + 1]} ;;
      -*) ;;
      *) [[ -z $command && " $_essaim_commands " == *[[:space:]]"${COMP_WORDS[i]}"[[:space:]]* ]] && command=${COMP_WORDS[i]} ;;
    esac
  done
  local IFS=$'\n'
  case $previous in
    --passphrase-file | export | import) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --home | --dest | --accept-into | -o | --output) COMPREPLY=($(compgen -d -- "$current")); return ;;
    --interface) COMPREPLY=($(compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$current")); return ;;
    --log-level) COMPREPLY=($(compgen -W $'debug\ninfo\nwarning\nerror' -- "$current")); return ;;
    --web) COMPREPLY=($(compgen -W "off" -- "$current")); return ;;
    --accept-from) COMPREPLY=($(compgen -W $'nobody\ntrusted\neveryone' -- "$current")); return ;;
    --to) COMPREPLY=($(compgen -W "$(_essaim_values peers name)" -- "$current")); return ;;
    --audience) COMPREPLY=($(compgen -W $'everyone\ntrusted\nunlisted\n'"$(_essaim_values peers name)" -- "$current")); return ;;
  esac
  if [[ $current == -* ]]; then
    local options=$_essaim_common
    case $command in
      up | share | get | peers | ls | search | doctor | send | pair | trust | block | forget) options+=" $_essaim_network" ;;
    esac
    case $command in
      up) options+=" --dest --sandbox --accept-from --accept-into --accept-up-to" ;;
      send) options+=" --to --wait" ;;
      inbox) options+=" --sent" ;;
      accept) options+=" --output" ;;
      share) options+=" --audience" ;;
      get) options+=" --output --first --stdout" ;;
      peers | transfers) options+=" --watch" ;;
      status) options+=" --qr" ;;
      identity) options+=" --passphrase-file --replace" ;;
      web) options+=" --print" ;;
    esac
    COMPREPLY=($(compgen -W "${options// /$'\n'}" -- "$current"))
    return
  fi
  case $command in
    '') COMPREPLY=($(compgen -W "$(tr -s ' \n' '\n' <<<"$_essaim_commands")" -- "$current")) ;;
    up | share | hash | verify | send) COMPREPLY=($(compgen -f -- "$current")) ;;
    identity) COMPREPLY=($(compgen -W $'export\nimport' -- "$current")) ;;
    unshare) COMPREPLY=($(compgen -W "$(_essaim_values shares name)" -- "$current")) ;;
    get) COMPREPLY=($(compgen -W "$(_essaim_values ls path)" -- "$current")) ;;
    ls | pair | trust | block | forget) COMPREPLY=($(compgen -W "$(_essaim_values peers name)" -- "$current")) ;;
    accept | decline) COMPREPLY=($(compgen -W "$(_essaim_values inbox id)" -- "$current")) ;;
    pause | resume | first | limit | cancel) COMPREPLY=($(compgen -W "$(_essaim_values transfers id)" -- "$current")) ;;
  esac
}
complete -o filenames -F _essaim essaim
