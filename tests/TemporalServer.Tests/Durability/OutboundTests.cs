using Mainstay.Testing;
using Npgsql;
using Temporalio.Api.Enums.V1;

namespace TemporalServer.Tests.Durability;

/// <summary>Acts of one run on another that cannot be stored at first.</summary>
public sealed class OutboundTests : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signal_TargetCannotBeStoredForAWhile_ArrivesOnceWithoutAnyOtherChange(bool restart)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = (await PostgresFixture.SettingsAsync(postgres.ReserveDatabase())).ConnectionString;
        await using var server = await ServerProcess.StartAsync(database, cancellationToken);
        using var client = new RawClient(server.Address);
        await client.StartAsync("target", "nobody", cancellationToken);
        await client.StartAsync("sender", "outbound", cancellationToken, taskSeconds: 60);
        await using var source = NpgsqlDataSource.Create(database);
        await ExecuteAsync(
            source,
            """
            create sequence refusals;
            create function refuse() returns trigger language plpgsql as $$
                begin perform nextval('refusals'); raise exception 'not now'; end $$;
            do $$ begin execute format(
                'create trigger refuse before insert on history for each row when (new.run_id = %L) execute function refuse()',
                (select run_id from run where workflow_id = 'target')); end $$;
            """,
            cancellationToken);

        await client.WorkAsync("outbound", cancellationToken, Commands.Signal("target"));
        await Eventually.TrueAsync(async () => await RefusalsAsync(source, cancellationToken) >= 2, cancellationToken);
        if (restart)
        {
            await server.RestartAsync(cancellationToken);
        }

        await ExecuteAsync(source, "drop trigger refuse on history", cancellationToken);
        await Eventually.TrueAsync(async () => (await client.HistoryAsync("sender", cancellationToken)).Any(e => e.EventType == EventType.ExternalWorkflowExecutionSignaled), cancellationToken);
        Assert.Single(await client.HistoryAsync("target", cancellationToken), e => e.EventType == EventType.WorkflowExecutionSignaled);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    private static async Task<long> RefusalsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var read = source.CreateCommand("select last_value - 1 + is_called::integer from refusals");
        return (long)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
