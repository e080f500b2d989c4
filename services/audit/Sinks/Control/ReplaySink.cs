using Dapper;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Sinks.Control;

/// <summary>Has a range of time delivered once more.</summary>
internal sealed class ReplaySink(SinkSet sinks, SinkHolds holds, NpgsqlDataSource database, TimeProvider clock)
{
    private const string Insert = $"""
        insert into sink_replay (id, sink_name, request_id, start_time, end_time, last_sequence, create_time)
        values (@Id, @SinkName, @RequestId, @StartTime, @EndTime, ({ReadTrail.SelectLast}), @Now)
        on conflict (request_id) do nothing
        """;

    private const string Select = """
        select sink_name, id, start_time, end_time, delivered_count, create_time
        from sink_replay
        where request_id = @RequestId
        """;

    public async Task<SinkReplay> ExecuteAsync(ReplaySinkRequest request, string actor, CancellationToken cancellationToken)
    {
        var sink = sinks.Find(request.Name);
        var now = clock.GetUtcNow();
        var start = request.StartTime?.ToDateTimeOffset() ?? throw AuditErrors.FieldInvalid("start_time", "is required");
        var end = request.EndTime?.ToDateTimeOffset() ?? now;
        if (end <= start)
        {
            throw AuditErrors.FieldInvalid("end_time", "must lie after start_time");
        }

        if (!Guid.TryParse(request.RequestId, out _))
        {
            throw AuditErrors.FieldInvalid("request_id", "must be a UUID");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isNew = await connection.ExecuteAsync(new CommandDefinition(
            Insert,
            new { Id = Guid.CreateVersion7(now), SinkName = sink.Name, request.RequestId, StartTime = start, EndTime = end, now },
            transaction,
            cancellationToken: cancellationToken)) > 0;
        if (isNew)
        {
            await holds.RecordAsync(connection, transaction, sink.Name, "sink_replay", "success", $"{start:O} to {end:O}", actor, cancellationToken);
        }

        var replay = await connection.QuerySingleAsync<OpenReplayRow>(new CommandDefinition(Select, new { request.RequestId }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return replay.SinkName == sink.Name ? replay.ToProto() : throw AuditErrors.FieldInvalid("request_id", "was used for another sink");
    }
}
