using Mainstay.TemporalServer;
using Mainstay.TemporalServer.Frontend;
using Mainstay.TemporalServer.Storage;
using Mainstay.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace TemporalServer.Tests.Durability;

/// <summary>Closed runs past the retention of their namespace, which is a day.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();

    [Theory]
    [InlineData(23, 2)]
    [InlineData(25, 1)]
    public async Task Sweep_ClosedRun_IsDeletedWithItsHistoryWhenItsTimeIsOver(int hoursLater, int runsLeft)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using (var server = await ServerProcess.StartAsync(database, cancellationToken))
        {
            using var client = new RawClient(server.Address);
            await client.StartAsync("open", "retained", cancellationToken);
            await client.StartAsync("closed", "retained", cancellationToken);
            await client.Service.TerminateWorkflowExecutionAsync(
                new() { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = "closed" } }, cancellationToken: cancellationToken);
        }

        var clock = new LaterClock(TimeSpan.FromHours(hoursLater));
        await using (var store = await Store.OpenAsync(database, cancellationToken))
        {
            var namespaces = new Namespaces(store, clock);
            await namespaces.LoadAsync(RawClient.Namespace, cancellationToken);
            using var retention = new Retention(store, namespaces, clock, NullLogger<Retention>.Instance);
            await retention.SweepAsync(cancellationToken);
        }

        await using var source = NpgsqlDataSource.Create(database);
        foreach (var table in new[] { "run", "current_run", "history" })
        {
            await using var count = source.CreateCommand($"select count(distinct run_id) from {table}");
            Assert.Equal((long)runsLeft, await count.ExecuteScalarAsync(cancellationToken));
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
