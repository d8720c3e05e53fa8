# Packages of Debian, for the scripts below eng/tools.

# Installs packages, silently; says what is to be done by hand if it cannot.
need_packages() { # TOOL PACKAGE...
    local tool=$1 log as_root=()
    shift
    by_hand() {
        echo "$tool: $* missing, and $reason. Install by hand and try again: apt-get install $*, or what your system calls them." >&2
        return 1
    }
    local reason="there is no apt-get here"
    command -v apt-get >/dev/null || { by_hand "$@"; return 1; }
    if [ "$(id -u)" -ne 0 ]; then
        reason="only root can install them"
        sudo -n true 2>/dev/null || { by_hand "$@"; return 1; }
        as_root=(sudo -n)
    fi
    log=$(mktemp)
    install() {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 </dev/null
    }
    # The lists of packages of a fresh machine are empty or old.
    if ! install "$@" && ! { "${as_root[@]}" apt-get update >>"$log" 2>&1 </dev/null && install "$@"; }; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        reason="apt-get could not install them"
        by_hand "$@"
        return 1
    fi
    rm -f "$log"
}
