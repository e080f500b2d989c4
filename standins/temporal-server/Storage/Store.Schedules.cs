using Google.Protobuf;
using Mainstay.TemporalServer.Schedules;
using Mainstay.TemporalServer.Visibility;
using Npgsql;
using NpgsqlTypes;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Schedules: one row each, written as a whole.</summary>
internal sealed partial class Store
{
    /// <summary>A schedule, or nothing.</summary>
    public async Task<ScheduleRecord?> LoadScheduleAsync(string @namespace, string scheduleId)
    {
        await using var read = source.CreateCommand("select state from schedule where namespace = $1 and schedule_id = $2");
        read.Parameters.Add(new() { Value = @namespace });
        read.Parameters.Add(new() { Value = scheduleId });
        return await read.ExecuteScalarAsync() is byte[] state ? ScheduleRecord.Parser.ParseFrom(state) : null;
    }

    /// <summary>Stores a schedule, new or changed.</summary>
    public async Task SaveScheduleAsync(ScheduleRecord record, DateTimeOffset? nextDue)
    {
        await using var save = source.CreateCommand("""
            insert into schedule (namespace, schedule_id, next_due, search_attributes, state)
            select $1, $2, $3, $4, $5 from server_lease where epoch = $6 for share
            on conflict (namespace, schedule_id) do update set
                next_due = excluded.next_due,
                search_attributes = excluded.search_attributes,
                state = excluded.state
            """);
        save.Parameters.Add(new() { Value = record.Namespace });
        save.Parameters.Add(new() { Value = record.ScheduleId });
        save.Parameters.Add(new() { Value = (object?)nextDue?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        save.Parameters.Add(new() { Value = ScheduleAttributes.Document(record), NpgsqlDbType = NpgsqlDbType.Jsonb });
        save.Parameters.Add(new() { Value = record.ToByteArray() });
        save.Parameters.Add(new() { Value = epoch });
        if (await save.ExecuteNonQueryAsync() == 0)
        {
            throw new StoreException("Another server has taken the database over.", null);
        }
    }

    /// <summary>Deletes a schedule; false when there is none.</summary>
    public async Task<bool> DeleteScheduleAsync(string @namespace, string scheduleId)
    {
        await using var delete = source.CreateCommand("delete from schedule where namespace = $1 and schedule_id = $2");
        delete.Parameters.Add(new() { Value = @namespace });
        delete.Parameters.Add(new() { Value = scheduleId });
        return await delete.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>The schedules of every namespace.</summary>
    public async Task<List<(string Namespace, string ScheduleId)>> SchedulesAsync(CancellationToken cancellationToken)
    {
        await using var read = source.CreateCommand("select namespace, schedule_id from schedule");
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var all = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add((reader.GetString(0), reader.GetString(1)));
        }

        return all;
    }

    /// <summary>Schedules of a namespace that a condition holds for, by their ids, after the given one.</summary>
    public async Task<List<ScheduleRecord>> ListSchedulesAsync(string @namespace, Condition? where, Func<string, IndexedValueType?> typeOf, int most, string after)
    {
        await using var read = source.CreateCommand();
        var parameters = new List<NpgsqlParameter> { new() { Value = @namespace }, new() { Value = most }, new() { Value = after } };
        read.CommandText = $"""
            select state from schedule
            where namespace = $1
                and schedule_id > $3
                and {ScheduleSql(where, typeOf, parameters)}
            order by schedule_id
            limit $2
            """;
        parameters.ForEach(p => read.Parameters.Add(p));
        return await ReadAsync(read, ScheduleRecord.Parser);
    }

    /// <summary>How many schedules of a namespace a condition holds for.</summary>
    public async Task<long> CountSchedulesAsync(string @namespace, Condition? where, Func<string, IndexedValueType?> typeOf)
    {
        await using var read = source.CreateCommand();
        var parameters = new List<NpgsqlParameter> { new() { Value = @namespace } };
        read.CommandText = $"select count(*) from schedule where namespace = $1 and {ScheduleSql(where, typeOf, parameters)}";
        parameters.ForEach(p => read.Parameters.Add(p));
        return (long)(await read.ExecuteScalarAsync())!;
    }

    private static string ScheduleSql(Condition? where, Func<string, IndexedValueType?> typeOf, List<NpgsqlParameter> parameters) =>
        where is null ? "true" : new ConditionSql(typeOf, parameters, ScheduleAttributes.Columns).Write(where);
}
