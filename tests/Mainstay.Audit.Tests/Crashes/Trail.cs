using Dapper;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.V1;
using Mainstay.Testing;
using Npgsql;

namespace Mainstay.Audit.Tests.Crashes;

/// <summary>Looks at a trail past the service.</summary>
internal static class Trail
{
    // As the service's own host has it.
    static Trail() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Waits until a number of the producers' events is stored.</summary>
    public static Task ReachesAsync(NpgsqlDataSource database, Producer producer, int count, CancellationToken cancellationToken) =>
        Eventually.TrueAsync(async () => await CountAsync(database, producer, cancellationToken) >= count, cancellationToken);

    /// <summary>The ids of the producer's events, in the order of the trail.</summary>
    public static async Task<IEnumerable<string>> IdsAsync(NpgsqlDataSource database, Producer producer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<string>("select event_id from audit_event where workflow_id = @Workflow order by sequence", new { producer.Workflow });
    }

    // None while the database is away.
    private static async Task<long> CountAsync(NpgsqlDataSource database, Producer producer, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "select count(*) from audit_event where workflow_id = @Workflow", new { producer.Workflow }, cancellationToken: cancellationToken));
        }
        catch (NpgsqlException)
        {
            return 0;
        }
    }

    /// <summary>Holds a trail to what it promises: each event once, none besides, and the chain verifies.</summary>
    public static async Task HoldsAsync(NpgsqlDataSource database, Producer producer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stored = await IdsAsync(database, producer, cancellationToken);
        Assert.Equal(producer.Ids.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>(
            "select count(*) from dead_letter where position(convert_to(@Workflow, 'UTF8') in body) > 0", new { producer.Workflow }));
        var verified = await new VerifyChain(database, new TrustedKeys(null, database)).ExecuteAsync(new VerifyChainRequest(), new((string?)null), cancellationToken);
        Assert.True(verified.Intact, verified.Finding);
        Assert.True(verified.CheckedCount >= producer.Ids.Count());
    }
}
