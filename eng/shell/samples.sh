# What the commands that start a sample share. Read with `.`, from the root of the repository, behind common.sh.

need_free_port() { # PORT COMMAND
    if ! [[ "$1" =~ ^[0-9]{1,5}$ ]] || ((10#$1 < 1 || 10#$1 > 65535)); then
        say "PORT=$1 is not a port. Use a number from 1 to 65535." >&2
        return 1
    fi
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        say "Port $1 is taken by another program. Stop it, or choose another port: PORT=$((10#$1 + 1)) $2" >&2
        return 1
    fi
}

build_sample() { # PROJECT
    say "Building with .NET SDK $(dotnet --version) ..."
    dotnet build "$1" -c Release -v q --nologo -clp:NoSummary
}
