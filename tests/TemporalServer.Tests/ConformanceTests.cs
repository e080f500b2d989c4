using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Mainstay.Testing;

namespace TemporalServer.Tests;

/// <summary>Runs after the other tests and alone: the suite gives each scenario seconds.</summary>
[CollectionDefinition(nameof(ConformanceTests), DisableParallelization = true)]
public sealed class ConformanceCollection;

/// <summary>The official TypeScript SDK against the server: the histories are those of a real Temporal server.</summary>
[Collection(nameof(ConformanceTests))]
public sealed partial class ConformanceTests : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();

    private static string Suite { get; } = typeof(ConformanceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ConformanceDirectory").Value!;

    [Fact]
    public async Task Scenarios_AgainstTheServer_MatchTheRealServersHistories()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var scenarios = Directory.GetFiles(Path.Combine(Suite, "golden"), "*.json").Length;
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using var server = await ServerProcess.StartAsync(database, cancellationToken);

        var report = await RunAsync(server, [], cancellationToken);
        var late = Late(report);
        if (late.Length > 0)
        {
            report = $"{report}\n{await RunAsync(server, ["--only", string.Join(',', late)], cancellationToken)}";
        }

        await server.KillAsync();

        Assert.True(
            late.Length == 0
                ? report.Contains($"{scenarios} passed, 0 failed", StringComparison.Ordinal)
                : report.Contains($"{scenarios - late.Length} passed, {late.Length} failed", StringComparison.Ordinal) && report.Contains($"{late.Length} passed, 0 failed", StringComparison.Ordinal),
            Failures(report));
        await StoredStates.AgreeWithHistoriesAsync(database, cancellationToken);
    }

    // One at a time: some histories depend on heartbeats of a second, and another project's tests run beside.
    private static async Task<string> RunAsync(ServerProcess server, string[] further, CancellationToken cancellationToken)
    {
        string[] words = ["lib/run.js", "--address", server.Address, "--out", Path.Combine(AppContext.BaseDirectory, "recorded"), "--compare", "golden", "--parallel", "1"];
        using var run = Process.Start(new ProcessStartInfo("node", [.. words, .. further]) { WorkingDirectory = Suite, RedirectStandardOutput = true })!;
        var report = await run.StandardOutput.ReadToEndAsync(cancellationToken);
        await run.WaitForExitAsync(cancellationToken);
        return report;
    }

    // The suite gives a scenario 15 seconds, whatever else the machine has to do. One that was cut short, and that differed in nothing, has a second turn.
    private static string[] Late(string report) =>
        [.. CutShort().Matches(report).Select(scenario => scenario.Groups["name"].Value)];

    [GeneratedRegex(@"^FAIL (?<name>\S+) \([^)]*\)\s+error: Error: did not end within", RegexOptions.Multiline)]
    private static partial Regex CutShort();

    // The scenarios that failed, each with its first difference, and the totals; all of it when there are none.
    private static string Failures(string report)
    {
        var failing = false;
        var lines = report.Split('\n').Where(line => (failing = line.StartsWith("FAIL", StringComparison.Ordinal) || (failing && line.StartsWith(' '))) || line.EndsWith("failed", StringComparison.Ordinal)).ToList();
        return lines.Count > 1 ? string.Join('\n', lines) : report;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => postgres.DisposeAsync();
}
