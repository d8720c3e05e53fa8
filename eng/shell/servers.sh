# Real servers for tests. A test project names what it needs in a file called `servers`, one name a line;
# eng/servers/README.md says what the script behind a name has to do.

started_servers=()

start_servers_for() { # FOLDER of a test project
    local name variables
    [ -f "$1/servers" ] || return 0
    for name in $(<"$1/servers"); do
        case " ${started_servers[*]} " in *" $name "*) continue ;; esac
        if [ ! -x "eng/servers/$name" ]; then
            say "$1/servers names $name, but there is no executable eng/servers/$name."
            return 1
        fi
        say "starting $name"
        mkdir -p "artifacts/servers/$name"
        # Noted before it starts: half a server has to be stopped as well.
        started_servers+=("$name")
        variables=$("eng/servers/$name" start "$PWD/artifacts/servers/$name") || return 1
        while IFS= read -r variable; do
            [ -n "$variable" ] && export "${variable?}"
        done <<<"$variables"
    done
}

stop_servers() {
    local name
    for name in "${started_servers[@]}"; do
        "eng/servers/$name" stop "$PWD/artifacts/servers/$name" || say "$name did not stop; what it left is in artifacts/servers/$name."
    done
    started_servers=()
}
