# Tools that are no part of the .NET SDK. A test project names what it needs in a file called `tools`, one name a line;
# eng/tools/README.md says what the script behind a name has to do.

need_tools_for() { # FOLDER of a test project
    local name
    [ -f "$1/tools" ] || return 0
    for name in $(<"$1/tools"); do
        if [ ! -x "eng/tools/$name" ]; then
            say "$1/tools names $name, but there is no executable eng/tools/$name."
            return 1
        fi
        "eng/tools/$name" || return 1
    done
}
