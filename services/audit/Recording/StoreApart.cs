using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>Stores what one delivery brought, and has no event hold up another: one that the database will never take goes to the dead letters.</summary>
internal static class StoreApart
{
    /// <summary>Returns what became of the events, and all that went to the dead letters.</summary>
    public static async Task<(int Stored, int Known, IReadOnlyList<DeadLetter> Dead)> ExecuteAsync(
        AppendEvents appendEvents, IReadOnlyList<IncomingEvent> events, IReadOnlyList<DeadLetter> dead, CancellationToken cancellationToken)
    {
        try
        {
            var appended = await appendEvents.ExecuteAsync(events, dead, cancellationToken);
            return (appended.Stored, appended.Known, [.. dead, .. appended.Taken]);
        }
        catch (PostgresException exception) when (events.Count == 1 && IsForWhatItHolds(exception))
        {
            return await ExecuteAsync(appendEvents, [], [.. dead, Refused(events[0], exception)], cancellationToken);
        }
        catch (PostgresException exception) when (events.Count > 1 && IsForWhatItHolds(exception))
        {
            var first = await ExecuteAsync(appendEvents, [.. events.Take(events.Count / 2)], dead, cancellationToken);
            var second = await ExecuteAsync(appendEvents, [.. events.Skip(events.Count / 2)], [], cancellationToken);
            return (first.Stored + second.Stored, first.Known + second.Known, [.. first.Dead, .. second.Dead]);
        }
    }

    // Anything else passes with time or with an operator, and is no reason to give an event up.
    private static bool IsForWhatItHolds(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState == PostgresErrorCodes.ProgramLimitExceeded;

    private static DeadLetter Refused(IncomingEvent incoming, PostgresException exception) =>
        new($"The database refuses the event: {exception.MessageText} ({exception.SqlState}).", incoming.Entry.ToArray());
}
