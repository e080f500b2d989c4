using Dapper;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Sinks.Control;

/// <summary>Has dead letters tried again.</summary>
internal sealed class RetrySinkDeadLetters(SinkSet sinks, SinkHolds holds, NpgsqlDataSource database)
{
    private const int MostEvents = 1000;

    private const string Update = """
        update sink_dead_letter
        set retry_requested = true
        where sink_name = @SinkName
        and (event_id = any(@EventIds) or cardinality(@EventIds) = 0)
        """;

    public async Task<long> ExecuteAsync(RetrySinkDeadLettersRequest request, string actor, CancellationToken cancellationToken)
    {
        var sink = sinks.Find(request.Name);
        if (request.EventIds.Count > MostEvents)
        {
            throw AuditErrors.FieldInvalid("event_ids", $"must be at most {MostEvents}");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var count = await connection.ExecuteAsync(new CommandDefinition(
            Update, new { SinkName = sink.Name, EventIds = request.EventIds.ToArray() }, transaction, cancellationToken: cancellationToken));
        await holds.RecordAsync(connection, transaction, sink.Name, "sink_dead_letters_retry", "success", $"{count} events", actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }
}
