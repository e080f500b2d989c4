using System.Globalization;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Sinks.Control;

/// <summary>Shows what a sink will not take.</summary>
internal sealed class ListSinkDeadLetters(SinkSet sinks, NpgsqlDataSource database)
{
    private const int DefaultPageSize = 100;
    private const int MostPageSize = 1000;

    private const string Select = """
        select sequence, event_id, reason, attempt_count, create_time, retry_requested
        from sink_dead_letter
        where sink_name = @SinkName
        and sequence > @After
        order by sequence
        limit @Limit
        """;

    public async Task<ListSinkDeadLettersResponse> ExecuteAsync(ListSinkDeadLettersRequest request, CancellationToken cancellationToken)
    {
        var sink = sinks.Find(request.Name);
        if (request.PageSize is < 0 or > MostPageSize)
        {
            throw AuditErrors.FieldInvalid("page_size", $"must be 1 to {MostPageSize}, or 0 for {DefaultPageSize}");
        }

        var after = 0L;
        if (request.PageToken.Length > 0 && !long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            throw AuditErrors.FieldInvalid("page_token", "must be the next_page_token of the page before, or empty");
        }

        var pageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<Row>(new CommandDefinition(
            Select, new { SinkName = sink.Name, after, Limit = pageSize + 1 }, cancellationToken: cancellationToken))).AsList();
        var page = found.Take(pageSize).ToList();
        return new ListSinkDeadLettersResponse
        {
            DeadLetters = { page.Select(row => row.ToProto()) },
            NextPageToken = found.Count > pageSize ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    private sealed record Row(long Sequence, string EventId, string Reason, int AttemptCount, DateTime CreateTime, bool RetryRequested)
    {
        public SinkDeadLetter ToProto() => new()
        {
            Sequence = Sequence,
            EventId = EventId,
            Reason = Reason,
            AttemptCount = AttemptCount,
            CreateTime = CreateTime.ToTimestamp(),
            RetryRequested = RetryRequested,
        };
    }
}
