using System.Text;
using Dapper;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Finds the events that fit every given filter, by time, and at the same time in the order in which they were stored.</summary>
internal sealed class SearchEvents(NpgsqlDataSource database)
{
    public async Task<SearchEventsResponse> ExecuteAsync(SearchEventsRequest request, ReaderScope scope, CancellationToken cancellationToken)
    {
        var pageSize = PageSizes.Of(request.PageSize);
        var newestFirst = request.Order == EventOrder.NewestFirst;
        var conditions = EventConditions.Of(request.Filter, scope).Add(Shorthand(request));
        if (PageCursor.Parse(request.PageToken) is { } cursor)
        {
            conditions.Add($"(event_time, sequence) {(newestFirst ? "<" : ">")} (@AfterTime, @AfterSequence)", "AfterTime", cursor.EventTime);
            conditions.Parameters.Add("AfterSequence", cursor.Sequence);
        }

        conditions.Parameters.Add("Limit", pageSize + 1);
        var direction = newestFirst ? "desc" : "asc";
        var select = $"""
            select {FoundEvent.Columns}
            from audit_event
            where {conditions.Sql}
            order by event_time {direction}, sequence {direction}
            limit @Limit
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var page = await Page.ReadAsync(connection.QueryUnbufferedAsync<FoundEvent>(select, conditions.Parameters), pageSize, row => Encoding.UTF8.GetByteCount(row.Entry), cancellationToken);
        return new SearchEventsResponse
        {
            Events = { page.Rows.Select(row => row.ToProto()) },
            NextPageToken = page.IsLast ? "" : new PageCursor(page.Rows[^1].EventTime, page.Rows[^1].Sequence).ToString(),
        };
    }

    // The fields that are older than the filter mean the same.
    private static EventFilter Shorthand(SearchEventsRequest request) => new()
    {
        WorkflowId = request.WorkflowId,
        AgentId = request.AgentId,
        Action = request.Action,
        Result = request.Result,
        StartTime = request.StartTime,
        EndTime = request.EndTime,
    };
}
