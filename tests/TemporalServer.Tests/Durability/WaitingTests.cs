using Google.Protobuf;
using Mainstay.Testing;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace TemporalServer.Tests.Durability;

/// <summary>Many workflows that wait, half of them for a timer and half for a signal, while everything else goes away.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private const int Workflows = 500;
    private const string Queue = "waiting";

    private readonly PostgresFixture postgres = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workflows_ServerKilledAndWorkerReplacedWhileTheyWait_AllWakeUp()
    {
        await using var server = await ServerProcess.StartAsync((await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString, Token);
        using var client = new RawClient(server.Address);
        await WorkAsync(client, async () =>
        {
            await EachAsync(i => client.StartAsync(Name(i), Queue, Token));
            await Eventually.TrueAsync(async () => await CountAsync(client, "HistoryLength >= 4") == Workflows, Token);
        });

        await server.RestartAsync(Token);
        await WorkAsync(client, async () =>
        {
            await EachAsync(i => IsTimed(i) ? Task.CompletedTask : client.SignalAsync(Name(i), "go", Token));
            await Eventually.TrueAsync(async () => await CountAsync(client, "ExecutionStatus = 'Completed'") == Workflows, Token);
        });
        Assert.All(await Task.WhenAll(Enumerable.Range(0, Workflows).Where(i => i % 10 < 2).Select(async i => (Index: i, Events: await client.HistoryAsync(Name(i), Token)))), run =>
        {
            Assert.Equal(Name(run.Index), run.Events[^1].WorkflowExecutionCompletedEventAttributes.Result.Payloads_[0].Data.ToStringUtf8());
            Assert.Single(run.Events, e => e.EventType is EventType.TimerFired or EventType.WorkflowExecutionSignaled);
        });
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    private static string Name(int index) => $"waiting-{index}";

    private static bool IsTimed(int index) => index % 2 == 0;

    private static async Task WorkAsync(RawClient client, Func<Task> meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var working = new RawWorker(client, Queue, Decide).RunAsync(stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await working;
    }

    private static Task EachAsync(Func<int, Task> act) =>
        Parallel.ForAsync(0, Workflows, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, _) => await act(i));

    private static async Task<long> CountAsync(RawClient client, string query) =>
        (await client.CallAsync((service, options) => service.CountWorkflowExecutionsAsync(new() { Namespace = RawClient.Namespace, Query = query }, options), Token))!.Count;

    private static IEnumerable<Command> Decide(string workflowId, List<HistoryEvent> events)
    {
        if (events.Any(e => e.EventType is EventType.TimerFired or EventType.WorkflowExecutionSignaled))
        {
            var result = new Payloads { Payloads_ = { new Payload { Data = ByteString.CopyFromUtf8(workflowId) } } };
            yield return new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() { Result = result } };
        }
        else if (IsTimed(int.Parse(workflowId.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture)) && !events.Any(e => e.EventType == EventType.TimerStarted))
        {
            yield return new Command { CommandType = CommandType.StartTimer, StartTimerCommandAttributes = new() { TimerId = "1", StartToFireTimeout = new() { Seconds = 5 } } };
        }
    }
}
