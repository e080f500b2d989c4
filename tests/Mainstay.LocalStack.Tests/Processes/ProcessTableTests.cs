using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Tests.Processes;

public sealed class ProcessTableTests : IDisposable
{
    private readonly TemporaryRunDirectory temporary = new();

    private ProcessTable Table => new(temporary.Directory);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task Start_AnotherTableLooks_FindsTheProcess()
    {
        var started = await Table.StartAsync(Sleeper("sleeper"), TestContext.Current.CancellationToken);

        Assert.Equal(started.Id, Table.Find("sleeper")?.Id);

        await Table.StopAsync("sleeper");
        Assert.Null(Table.Find("sleeper"));
        Assert.Empty(Table.Names());
    }

    [Fact]
    public async Task Stop_ProcessIgnoresTheSignalOfItsLeader_LeavesNoChild()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var leader = await Table.StartAsync(new("parent", ["sh", "-c", "sleep 600 & echo started; wait"]), cancellationToken);
        await Poll.UntilAsync(() => GroupOf(leader).Count() == 2, TimeSpan.FromSeconds(10), cancellationToken);

        await Table.StopAsync("parent");

        await Poll.UntilAsync(() => !GroupOf(leader).Any(), TimeSpan.FromSeconds(10), cancellationToken);
    }

    [Fact]
    public async Task Kill_RunningProcess_IsGoneAndStillNamed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await Table.StartAsync(Sleeper("crashing"), cancellationToken);

        await Table.KillAsync("crashing", cancellationToken);

        Assert.Null(Table.Find("crashing"));
        Assert.Equal(["crashing"], Table.Names());
    }

    [Fact]
    public void Find_IdBelongsToAnotherProcessByNow_FindsNone()
    {
        var own = ProcessStat.Read(Environment.ProcessId)!;
        var line = File.ReadAllText("/proc/self/stat").Replace($" {own.StartTicks} ", $" {own.StartTicks - 1} ", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(temporary.Directory.Processes, "stale.stat"), line);

        Assert.Null(Table.Find("stale"));
    }

    [Fact]
    public async Task Start_ProgramIsMissing_SaysWhatTheLogSays()
    {
        var failure = await Assert.ThrowsAsync<LocalStackException>(async () =>
        {
            await Table.StartAsync(new("missing", ["/no/such/program"]), TestContext.Current.CancellationToken);
            await Poll.UntilAsync(() => Table.Find("missing") is null, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            throw new LocalStackException(Table.LastLines("missing"));
        });

        Assert.Contains("/no/such/program", failure.Message, StringComparison.Ordinal);
    }

    private static LaunchSpec Sleeper(string name) => new(name, ["sleep", "600"]);

    private static IEnumerable<ProcessStat> GroupOf(ProcessStat leader) =>
        ProcessStat.ReadAll().Where(stat => stat.GroupId == leader.Id && stat.IsRunning);
}
