#!/usr/bin/env pwsh
# Starts Cake, which has every task: ./build.ps1 [task [name]] [--option value ...]; without a task it lists them.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

$task = 'help'
$rest = $args
if ($args.Count -gt 0 -and -not $args[0].StartsWith('-')) {
    $task = $args[0]
    $rest = @($args | Select-Object -Skip 1)
}

# Cake would take a second word for the path of a script.
if ($rest.Count -gt 0 -and -not $rest[0].StartsWith('-')) {
    $rest = @("--name=$($rest[0])") + @($rest | Select-Object -Skip 1)
}

dotnet tool restore --verbosity quiet | Out-Null
dotnet cake --verbosity=quiet "--target=$task" @rest
exit $LASTEXITCODE
