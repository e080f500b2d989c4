using System.Globalization;
using Dapper;
using Grpc.Core;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Follows the trail from a cursor: a reader that is slow holds up itself alone, and at most one page of entries in memory.</summary>
internal sealed class TailEvents(NpgsqlDataSource database, TrailSignal signal)
{
    private const int PageSize = 200;

    // A filter that seldom fits is answered with cursors, so that whoever goes on later need not look through the same entries again.
    private const int MostLookedThrough = 100_000;

    private const string SelectHead = "select sequence from chain_head";

    public async Task ExecuteAsync(TailEventsRequest request, ReaderScope scope, IServerStreamWriter<TailEventsResponse> stream, CancellationToken cancellationToken)
    {
        var cursor = request.Cursor.Length == 0
            ? await HeadAsync(cancellationToken)
            : long.TryParse(request.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                ? given
                : throw AuditErrors.FieldInvalid("cursor", "must be a cursor of TailEvents, 0 for the beginning, or empty for now");

        // At once, so that the caller has a cursor before the first event.
        await stream.WriteAsync(new TailEventsResponse { Cursor = Text(cursor) }, cancellationToken);
        while (true)
        {
            var growth = signal.Next;
            var head = await HeadAsync(cancellationToken);
            if (cursor >= head)
            {
                await signal.WaitAsync(growth, cancellationToken);
                continue;
            }

            cursor = await SendAsync(request.Filter, scope, cursor, Math.Min(head, cursor + MostLookedThrough), stream, cancellationToken);
        }
    }

    private static string Text(long cursor) => cursor.ToString(CultureInfo.InvariantCulture);

    private async Task<long> SendAsync(
        EventFilter? filter, ReaderScope scope, long after, long through, IServerStreamWriter<TailEventsResponse> stream, CancellationToken cancellationToken)
    {
        var page = await PageAsync(filter, scope, after, through, cancellationToken);
        foreach (var found in page)
        {
            await stream.WriteAsync(new TailEventsResponse { Event = found.ToProto(), Cursor = Text(found.Sequence) }, cancellationToken);
        }

        if (page.Count == PageSize)
        {
            return page[^1].Sequence;
        }

        if (through - after == MostLookedThrough)
        {
            await stream.WriteAsync(new TailEventsResponse { Cursor = Text(through) }, cancellationToken);
        }

        return through;
    }

    // The connection goes back before the events are sent: a slow reader holds none.
    private async Task<List<FoundEvent>> PageAsync(EventFilter? filter, ReaderScope scope, long after, long through, CancellationToken cancellationToken)
    {
        var conditions = EventConditions.Of(filter, scope)
            .Add("sequence > @After", "After", after)
            .Add("sequence <= @Through", "Through", through);
        conditions.Parameters.Add("Limit", PageSize);
        var select = $"""
            select {FoundEvent.Columns}
            from audit_event
            where {conditions.Sql}
            order by sequence
            limit @Limit
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<FoundEvent>(new CommandDefinition(select, conditions.Parameters, cancellationToken: cancellationToken))).AsList();
    }

    private async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(SelectHead, cancellationToken: cancellationToken));
    }
}
