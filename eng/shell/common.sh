# What the commands in the root share. Read with `.`, from the root of the repository.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*"; }

now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; } # microseconds

seconds_since() {
    local tenths=$((($(now) - $1) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

need_dotnet() {
    if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
        export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH
    fi
    if ! command -v dotnet >/dev/null; then
        say "The .NET SDK 10.0 is not installed: there is no dotnet on the PATH and none in $HOME/.dotnet." \
            "Install the package dotnet-sdk-10.0 (https://learn.microsoft.com/dotnet/core/install/linux-debian) and try again." >&2
        return 1
    fi
    local answer
    if ! answer=$(dotnet --version 2>&1); then
        say "dotnet is here, but no SDK that global.json accepts. Install the .NET SDK 10.0. It said:" >&2
        say "$answer" >&2
        return 1
    fi
}

group= last_group=

# Runs a command as the leader of a session of its own and waits for it: whoever stops us stops it and all that it started.
in_own_group() {
    setsid "$@" </dev/null &
    group=$! last_group=$!
    # Bash would report a crash in its own words; the caller says it in ours.
    wait "$group" 2>/dev/null
    local code=$?
    group=
    return "$code"
}

stop_group() {
    [ -n "$group" ] || return 0
    local pid=$group _
    group=
    kill -INT -- "-$pid" 2>/dev/null
    for _ in {1..30}; do
        kill -0 -- "-$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

build() { # PROJECT OR SOLUTION, then more for dotnet build
    local started
    started=$(now)
    say "== build $1"
    if [ "${CI:-}" = true ]; then
        build_alone "$@"
    else
        in_own_group dotnet build "$@" -c Release -v minimal
    fi || return 1
    say "built   in $(seconds_since "$started")"
}

# Where a machine runs this, nothing of the build may outlive it: a node or a compiler that did would hold our output open.
# But one compiler for all projects is much faster than one each, so this build has a compiler of its own, which ends with it.
build_alone() {
    in_own_group dotnet build "$@" -c Release -v minimal -nodeReuse:false -p:UseSharedCompilation=true "-p:SharedCompilationId=carillon-$$"
    local code=$?
    kill -TERM -- "-$last_group" 2>/dev/null
    return "$code"
}
