using Google.Protobuf;
using Mainstay.TemporalServer.Batches;
using Mainstay.TemporalServer.Visibility;
using Npgsql;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Batch operations: one row each, written as a whole.</summary>
internal sealed partial class Store
{
    /// <summary>The runs of a namespace that a condition holds for, newest start first.</summary>
    public async Task<List<string>> RunIdsAsync(string @namespace, Condition? where, Func<string, IndexedValueType?> typeOf)
    {
        await using var read = source.CreateCommand();
        var parameters = new List<NpgsqlParameter> { new() { Value = @namespace } };
        read.CommandText = $"""
            select run_id from run
            where namespace = $1
                and {Sql(where, typeOf, parameters)}
            order by start_time desc, run_id desc
            """;
        parameters.ForEach(p => read.Parameters.Add(p));
        await using var reader = await read.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetGuid(0).ToString());
        }

        return found;
    }

    /// <summary>Adds an operation; false when there is one of its id.</summary>
    public async Task<bool> AddBatchAsync(BatchRecord record)
    {
        await using var add = source.CreateCommand("""
            insert into batch_operation (namespace, job_id, start_time, running, state)
            values ($1, $2, $3, true, $4)
            on conflict do nothing
            """);
        add.Parameters.Add(new() { Value = record.Request.Namespace });
        add.Parameters.Add(new() { Value = record.Request.JobId });
        add.Parameters.Add(new() { Value = record.Progress.StartTime.ToDateTime() });
        add.Parameters.Add(new() { Value = record.ToByteArray() });
        return await add.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>Stores how far an operation is.</summary>
    public async Task SaveBatchAsync(BatchRecord record)
    {
        await using var save = source.CreateCommand("""
            update batch_operation set
                running = $3,
                state = $4
            where namespace = $1 and job_id = $2 and exists (select 1 from server_lease where epoch = $5)
            """);
        save.Parameters.Add(new() { Value = record.Request.Namespace });
        save.Parameters.Add(new() { Value = record.Request.JobId });
        save.Parameters.Add(new() { Value = record.Progress.State == BatchOperationState.Running });
        save.Parameters.Add(new() { Value = record.ToByteArray() });
        save.Parameters.Add(new() { Value = epoch });
        await save.ExecuteNonQueryAsync();
    }

    /// <summary>An operation, or nothing.</summary>
    public async Task<BatchRecord?> LoadBatchAsync(string @namespace, string jobId)
    {
        await using var read = source.CreateCommand("select state from batch_operation where namespace = $1 and job_id = $2");
        read.Parameters.Add(new() { Value = @namespace });
        read.Parameters.Add(new() { Value = jobId });
        return await read.ExecuteScalarAsync() is byte[] state ? BatchRecord.Parser.ParseFrom(state) : null;
    }

    /// <summary>The oldest operation under way, or nothing.</summary>
    public async Task<BatchRecord?> NextBatchAsync()
    {
        await using var read = source.CreateCommand("select state from batch_operation where running order by start_time limit 1");
        return await read.ExecuteScalarAsync() is byte[] state ? BatchRecord.Parser.ParseFrom(state) : null;
    }

    /// <summary>Operations of a namespace, newest first, from a place in that order on.</summary>
    public async Task<List<BatchRecord>> ListBatchesAsync(string @namespace, int most, int skip)
    {
        await using var read = source.CreateCommand("""
            select state from batch_operation
            where namespace = $1
            order by start_time desc, job_id
            limit $2 offset $3
            """);
        read.Parameters.Add(new() { Value = @namespace });
        read.Parameters.Add(new() { Value = most });
        read.Parameters.Add(new() { Value = skip });
        return await ReadAsync(read, BatchRecord.Parser);
    }
}
