using System.Globalization;
using Dapper;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Finds the events that fit every given filter, in the order of the chain.</summary>
internal sealed class SearchEvents(NpgsqlDataSource database)
{
    private const int DefaultPageSize = 100;
    private const int MostPageSize = 1000;

    public async Task<SearchEventsResponse> ExecuteAsync(SearchEventsRequest request, CancellationToken cancellationToken)
    {
        if (request.PageSize is < 0 or > MostPageSize)
        {
            throw AuditErrors.FieldInvalid("page_size", $"must be 1 to {MostPageSize}, or 0 for {DefaultPageSize}");
        }

        var pageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<StoredEvent>(new CommandDefinition(
            Select(request),
            new
            {
                After = After(request.PageToken),
                request.WorkflowId,
                request.AgentId,
                request.Action,
                request.Result,
                StartTime = request.StartTime?.ToDateTime(),
                EndTime = request.EndTime?.ToDateTime(),
                Limit = pageSize + 1,
            },
            cancellationToken: cancellationToken))).AsList();

        var page = found.Take(pageSize).ToList();
        return new SearchEventsResponse
        {
            Events = { page.Select(stored => stored.ToProto()) },
            NextPageToken = found.Count > pageSize ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    // Only the given filters are in the statement, so that each combination gets a plan of its own.
    private static string Select(SearchEventsRequest request)
    {
        (bool Given, string Condition)[] filters =
        [
            (true, "sequence > @After"),
            (request.WorkflowId.Length > 0, "workflow_id = @WorkflowId"),
            (request.AgentId.Length > 0, "agent_id = @AgentId"),
            (request.Action.Length > 0, "action = @Action"),
            (request.Result.Length > 0, "result = @Result"),
            (request.StartTime is not null, "event_time >= @StartTime"),
            (request.EndTime is not null, "event_time < @EndTime"),
        ];
        return $"""
            select sequence, entry::text as entry, hash
            from audit_event
            where {string.Join(" and ", filters.Where(filter => filter.Given).Select(filter => filter.Condition))}
            order by sequence
            limit @Limit
            """;
    }

    private static long After(string pageToken) => pageToken.Length == 0
        ? 0
        : long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw AuditErrors.FieldInvalid("page_token", "must be the next_page_token of the page before, or empty");
}
