using System.Data.Common;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Counts events by fields and by time.</summary>
internal sealed class AggregateEvents(NpgsqlDataSource database)
{
    private const int DefaultLimit = 1000;
    private const int MostCounts = 10_000;
    private const int MostFields = 3;

    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["workflow_id"] = "workflow_id",
        ["agent_id"] = "agent_id",
        ["action"] = "action",
        ["result"] = "result",
        ["service"] = "service",
        ["project_id"] = "stream",
        ["document_id"] = "document_id",
        ["initiated_by"] = "initiated_by",
        ["trace_id"] = "trace_id",
    };

    public async Task<AggregateEventsResponse> ExecuteAsync(AggregateEventsRequest request, ReaderScope scope, CancellationToken cancellationToken)
    {
        Check(request);
        var limit = request.Limit == 0 ? DefaultLimit : request.Limit;
        var conditions = EventConditions.Of(request.Filter, scope);
        conditions.Parameters.Add("Limit", limit + 1);
        conditions.Parameters.Add("Bucket", request.Bucket?.ToTimeSpan());
        string[] fields = [.. request.GroupBy.Select(field => Columns[field])];
        var start = request.Bucket is null ? "null::timestamptz" : "date_bin(@Bucket, event_time, timestamptz '1970-01-01 00:00:00Z')";
        var select = $"""
            select {string.Join(", ", [start, .. fields, "count(*)"])}
            from audit_event
            where {conditions.Sql}
            group by {string.Join(", ", Enumerable.Range(1, fields.Length + 1))}
            order by 1, {fields.Length + 2} desc
            limit @Limit
            """;

        var response = new AggregateEventsResponse();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(select, conditions.Parameters, cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            if (response.Counts.Count == limit)
            {
                response.Truncated = true;
                break;
            }

            response.Counts.Add(Read(reader, fields.Length));
        }

        return response;
    }

    private static EventCount Read(DbDataReader row, int fields) => new()
    {
        StartTime = row.IsDBNull(0) ? null : row.GetFieldValue<DateTime>(0).ToTimestamp(),
        Values = { Enumerable.Range(1, fields).Select(row.GetString) },
        Count = row.GetInt64(fields + 1),
    };

    private static void Check(AggregateEventsRequest request)
    {
        if (request.GroupBy.Count > MostFields || request.GroupBy.Any(field => !Columns.ContainsKey(field)) || request.GroupBy.Distinct().Count() < request.GroupBy.Count)
        {
            throw AuditErrors.FieldInvalid("group_by", $"must be at most {MostFields} different ones of {string.Join(", ", Columns.Keys)}");
        }

        if (request.Bucket is { } bucket && (bucket.Seconds < 1 || bucket.Seconds > TimeSpan.FromDays(366).TotalSeconds))
        {
            throw AuditErrors.FieldInvalid("bucket", "must be a second to 366 days");
        }

        if (request.Limit is < 0 or > MostCounts)
        {
            throw AuditErrors.FieldInvalid("limit", $"must be 1 to {MostCounts}, or 0 for {DefaultLimit}");
        }
    }
}
