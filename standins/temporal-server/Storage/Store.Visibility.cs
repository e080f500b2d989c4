using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Visibility;
using Npgsql;
using NpgsqlTypes;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Runs found by what they are like.</summary>
internal sealed partial class Store
{
    /// <summary>Runs of a namespace that a condition holds for, newest start first, after the given one.</summary>
    public async Task<List<RunState>> ListAsync(string @namespace, Condition? where, Func<string, IndexedValueType?> typeOf, int most, (DateTime StartTime, Guid RunId)? after)
    {
        await using var read = source.CreateCommand();
        var parameters = new List<NpgsqlParameter>
        {
            new() { Value = @namespace },
            new() { Value = most },
            new() { Value = (object?)after?.StartTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = (object?)after?.RunId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
        };
        read.CommandText = $"""
            select state from run
            where namespace = $1
                and ($3 is null or (start_time, run_id) < ($3, $4))
                and {Sql(where, typeOf, parameters)}
            order by start_time desc, run_id desc
            limit $2
            """;
        parameters.ForEach(p => read.Parameters.Add(p));
        return await ReadAsync(read, RunState.Parser);
    }

    /// <summary>How many runs of a namespace a condition holds for, by their status.</summary>
    public async Task<List<(WorkflowExecutionStatus Status, long Count)>> CountAsync(string @namespace, Condition? where, Func<string, IndexedValueType?> typeOf)
    {
        await using var read = source.CreateCommand();
        var parameters = new List<NpgsqlParameter> { new() { Value = @namespace } };
        read.CommandText = $"""
            select status, count(*) from run
            where namespace = $1
                and {Sql(where, typeOf, parameters)}
            group by status
            order by status
            """;
        parameters.ForEach(p => read.Parameters.Add(p));
        await using var reader = await read.ExecuteReaderAsync();
        var counts = new List<(WorkflowExecutionStatus, long)>();
        while (await reader.ReadAsync())
        {
            counts.Add(((WorkflowExecutionStatus)reader.GetInt32(0), reader.GetInt64(1)));
        }

        return counts;
    }

    /// <summary>Every search attribute that users registered.</summary>
    public async Task<List<(string Namespace, string Name, IndexedValueType Type)>> SearchAttributesAsync(CancellationToken cancellationToken)
    {
        await using var read = source.CreateCommand("select namespace, name, value_type from search_attribute");
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var all = new List<(string, string, IndexedValueType)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add((reader.GetString(0), reader.GetString(1), (IndexedValueType)reader.GetInt32(2)));
        }

        return all;
    }

    /// <summary>Adds a custom search attribute.</summary>
    public async Task AddSearchAttributeAsync(string @namespace, string name, IndexedValueType type)
    {
        await using var add = source.CreateCommand("insert into search_attribute (namespace, name, value_type) values ($1, $2, $3) on conflict do nothing");
        add.Parameters.Add(new() { Value = @namespace });
        add.Parameters.Add(new() { Value = name });
        add.Parameters.Add(new() { Value = (int)type });
        await add.ExecuteNonQueryAsync();
    }

    /// <summary>Takes a custom search attribute away; values that runs have of it stay.</summary>
    public async Task RemoveSearchAttributeAsync(string @namespace, string name)
    {
        await using var remove = source.CreateCommand("delete from search_attribute where namespace = $1 and name = $2");
        remove.Parameters.Add(new() { Value = @namespace });
        remove.Parameters.Add(new() { Value = name });
        await remove.ExecuteNonQueryAsync();
    }

    private static string Sql(Condition? where, Func<string, IndexedValueType?> typeOf, List<NpgsqlParameter> parameters) =>
        where is null ? "true" : new ConditionSql(typeOf, parameters, RunColumns.All).Write(where);
}
