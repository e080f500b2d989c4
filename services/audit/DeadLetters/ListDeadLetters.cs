using System.Globalization;
using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.DeadLetters;

/// <summary>Lists the messages that were no event, newest first.</summary>
internal sealed class ListDeadLetters(NpgsqlDataSource database)
{
    private const string Select = """
        select id, receive_time, reason, body, receive_count, resolve_time, coalesce(resolved_by, '') as resolved_by, coalesce(event_id, '') as event_id
        from dead_letter
        where id < @Before and (@IncludeResolved or resolve_time is null)
        order by id desc
        limit @Limit
        """;

    public async Task<ListDeadLettersResponse> ExecuteAsync(ListDeadLettersRequest request, CancellationToken cancellationToken)
    {
        var pageSize = PageSizes.Of(request.PageSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<Row>(new CommandDefinition(
            Select,
            new { Before = PageTokens.Before(request.PageToken), request.IncludeResolved, Limit = pageSize + 1 },
            cancellationToken: cancellationToken))).AsList();
        return new ListDeadLettersResponse
        {
            DeadLetters = { found.Take(pageSize).Select(row => row.ToProto()) },
            NextPageToken = found.Count > pageSize ? found[pageSize - 1].Id.ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    private sealed record Row(
        long Id, DateTime ReceiveTime, string Reason, byte[] Body, int ReceiveCount, DateTime? ResolveTime, string ResolvedBy, string EventId)
    {
        public DeadLetter ToProto() => new()
        {
            DeadLetterId = Id,
            ReceiveTime = ReceiveTime.ToTimestamp(),
            Reason = Reason,
            Body = ByteString.CopyFrom(Body),
            ReceiveCount = ReceiveCount,
            ResolveTime = ResolveTime?.ToTimestamp(),
            ResolvedBy = ResolvedBy,
            EventId = EventId,
        };
    }
}
