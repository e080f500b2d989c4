using Dapper;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Finds one event.</summary>
internal sealed class GetEvent(NpgsqlDataSource database)
{
    public async Task<AuditEvent> ExecuteAsync(string eventId, ReaderScope scope, CancellationToken cancellationToken)
    {
        if (eventId.Length == 0)
        {
            throw AuditErrors.FieldInvalid("event_id", "is missing");
        }

        var conditions = EventConditions.Of(null, scope).Add("event_id = @EventId", "EventId", eventId);
        var select = $"""
            select {FoundEvent.Columns}
            from audit_event
            where {conditions.Sql}
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QuerySingleOrDefaultAsync<FoundEvent>(new CommandDefinition(select, conditions.Parameters, cancellationToken: cancellationToken));
        return found?.ToProto() ?? throw AuditErrors.EventNotFound(eventId);
    }
}
