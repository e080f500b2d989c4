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
    private const int MostBodyBytes = 1024 * 1024;

    private const string Select = """
        select
            id, receive_time, reason, substring(body from 1 for @MostBodyBytes) as body, length(body)::bigint as body_bytes,
            receive_count, resolve_time, coalesce(resolved_by, '') as resolved_by, coalesce(event_id, '') as event_id
        from dead_letter
        where id < @Before and (@IncludeResolved or resolve_time is null)
        order by id desc
        limit @Limit
        """;

    public async Task<ListDeadLettersResponse> ExecuteAsync(ListDeadLettersRequest request, CancellationToken cancellationToken)
    {
        var pageSize = PageSizes.Of(request.PageSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<Row>(
            Select, new { Before = PageTokens.Before(request.PageToken), request.IncludeResolved, MostBodyBytes, Limit = pageSize + 1 });
        var page = await Page.ReadAsync(rows, pageSize, row => row.Body.Length + row.Reason.Length, cancellationToken);
        return new ListDeadLettersResponse
        {
            DeadLetters = { page.Rows.Select(row => row.ToProto()) },
            NextPageToken = page.IsLast ? "" : page.Rows[^1].Id.ToString(CultureInfo.InvariantCulture),
        };
    }

    private sealed record Row(
        long Id, DateTime ReceiveTime, string Reason, byte[] Body, long BodyBytes, int ReceiveCount, DateTime? ResolveTime, string ResolvedBy, string EventId)
    {
        public DeadLetter ToProto() => new()
        {
            DeadLetterId = Id,
            ReceiveTime = ReceiveTime.ToTimestamp(),
            Reason = Reason,
            Body = ByteString.CopyFrom(Body),
            BodyBytes = BodyBytes,
            ReceiveCount = ReceiveCount,
            ResolveTime = ResolveTime?.ToTimestamp(),
            ResolvedBy = ResolvedBy,
            EventId = EventId,
        };
    }
}
