using Dapper;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Finds one event.</summary>
internal sealed class GetEvent(NpgsqlDataSource database)
{
    private const string Select = """
        select sequence, entry::text as entry, hash
        from audit_event
        where event_id = @EventId
        """;

    public async Task<AuditEvent> ExecuteAsync(string eventId, CancellationToken cancellationToken)
    {
        if (eventId.Length == 0)
        {
            throw AuditErrors.FieldInvalid("event_id", "is missing");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QuerySingleOrDefaultAsync<StoredEvent>(new CommandDefinition(Select, new { eventId }, cancellationToken: cancellationToken));
        return found?.ToProto() ?? throw AuditErrors.EventNotFound(eventId);
    }
}
