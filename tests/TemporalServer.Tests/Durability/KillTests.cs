using Mainstay.Testing;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace TemporalServer.Tests.Durability;

/// <summary>The server killed with SIGKILL while clients and workers are at it.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Workflows = 200;
    private const int Kills = 6;

    private readonly PostgresFixture postgres = new();

    [Fact]
    public async Task Server_KilledAgainAndAgainUnderLoad_LosesNothingThatItAcknowledged()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync((await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString, cancellationToken);
        using var client = new RawClient(server.Address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var worker = new RawWorker(client, "load");
        var working = worker.RunAsync(stop.Token);

        var signalled = 0;
        var load = Parallel.ForAsync(0, Workflows, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (i, token) =>
        {
            await client.StartAsync($"load-{i}", "load", token, taskSeconds: 1);
            await client.SignalAsync($"load-{i}", "go", token);
            Interlocked.Increment(ref signalled);
        });
        for (var kill = 1; kill <= Kills; kill++)
        {
            var enough = kill * Workflows / (Kills + 1);
            await Eventually.TrueAsync(() => Volatile.Read(ref signalled) >= enough, cancellationToken);
            await server.RestartAsync(cancellationToken);
        }

        await load;
        for (var i = 0; i < Workflows; i++)
        {
            var id = $"load-{i}";
            List<HistoryEvent> events = [];
            await Eventually.TrueAsync(async () => (events = await client.HistoryAsync(id, cancellationToken))[^1].EventType == EventType.WorkflowExecutionCompleted, cancellationToken);
            Verify(id, events, worker.Acknowledged.ContainsKey(id));
        }

        await stop.CancelAsync();
        await working;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    private static void Verify(string id, List<HistoryEvent> events, bool acknowledged)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.EventId));
        Assert.Equal($"done {id}", events[^1].WorkflowExecutionCompletedEventAttributes.Result.Payloads_[0].Data.ToStringUtf8());
        Assert.Single(events, e => e.EventType == EventType.WorkflowExecutionSignaled);
        Assert.Single(events, e => e.EventType == EventType.ActivityTaskScheduled);
        Assert.True(!acknowledged || events.Count(e => e.EventType == EventType.ActivityTaskCompleted) == 1);
    }
}
