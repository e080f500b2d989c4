#!/usr/bin/env bash
# Starts Cake, which has every task: ./build.sh [task [name]] [--option value …]; without a task it lists them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

task=help
if [[ $# -gt 0 && $1 != -* ]]; then
    task=$1
    shift
fi

# Cake would take a second word for the path of a script.
if [[ $# -gt 0 && $1 != -* ]]; then
    name=$1
    shift
    set -- "--name=$name" "$@"
fi

dotnet tool restore --verbosity quiet >/dev/null
exec dotnet cake --verbosity=quiet --target="$task" "$@"
