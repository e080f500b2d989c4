using Dapper;
using Mainstay.Audit.Recording;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.DeadLetters;

/// <summary>Stores a dead letter, as it was or corrected, as the event it should have been.</summary>
internal sealed class ReplayDeadLetter(NpgsqlDataSource database, AppendEvents appendEvents, TimeProvider clock)
{
    private const string Select = "select body, resolve_time from dead_letter where id = @DeadLetterId";

    private const string Resolve = """
        update dead_letter
        set resolve_time = @Now, resolved_by = @Principal, event_id = @EventId
        where id = @DeadLetterId
        """;

    public async Task<ReplayDeadLetterResponse> ExecuteAsync(ReplayDeadLetterRequest request, string principal, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var letter = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Select, new { request.DeadLetterId }, cancellationToken: cancellationToken))
            ?? throw AuditErrors.DeadLetterNotFound(request.DeadLetterId);
        if (letter.ResolveTime is not null)
        {
            throw AuditErrors.DeadLetterResolved(request.DeadLetterId);
        }

        if (!IncomingEvent.TryRead(request.CorrectedBody.IsEmpty ? letter.Body : request.CorrectedBody.ToByteArray(), out var incoming, out var reason))
        {
            throw AuditErrors.EventInvalid(request.CorrectedBody.IsEmpty ? "dead_letter_id" : "corrected_body", reason);
        }

        // Stored and then resolved: who is cut off in between replays it again, and its id is known.
        var appended = await appendEvents.ExecuteAsync([incoming!], [], cancellationToken);
        if (appended.Taken.Count > 0)
        {
            throw AuditErrors.EventIdTaken(incoming!.EventId);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            Resolve, new { Now = clock.GetUtcNow(), principal, incoming!.EventId, request.DeadLetterId }, cancellationToken: cancellationToken));
        return new ReplayDeadLetterResponse { EventId = incoming.EventId };
    }

    private sealed record Row(byte[] Body, DateTime? ResolveTime);
}
