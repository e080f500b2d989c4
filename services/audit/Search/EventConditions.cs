using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Search;

/// <summary>The conditions of a query; only the given filters are among them, so that each combination gets a plan of its own.</summary>
internal sealed class EventConditions
{
    private readonly List<string> conditions = [];

    public DynamicParameters Parameters { get; } = new();

    /// <summary>The conditions as SQL, never empty.</summary>
    public string Sql => conditions.Count == 0 ? "true" : string.Join(" and ", conditions);

    /// <summary>Starts from a filter, within what the reader may see.</summary>
    public static EventConditions Of(EventFilter? filter, ReaderScope scope)
    {
        var conditions = new EventConditions();
        if (scope.Stream is { } stream)
        {
            conditions.Add("stream = @ReaderStream", "ReaderStream", stream);
        }

        return filter is null ? conditions : conditions.Add(filter);
    }

    /// <summary>Adds a condition with its parameter.</summary>
    public EventConditions Add(string condition, string name, object value)
    {
        conditions.Add(condition);
        Parameters.Add(name, value);
        return this;
    }

    /// <summary>Adds the conditions of a filter.</summary>
    public EventConditions Add(EventFilter filter)
    {
        // The second half lets the partial index be used.
        AddColumn("workflow_id", filter.WorkflowId, "workflow_id <> ''");
        AddColumn("agent_id", filter.AgentId, "agent_id <> ''");
        AddColumn("initiated_by", filter.InitiatedBy, "initiated_by <> ''");
        AddColumn("document_id", filter.DocumentId, "document_id <> ''");
        AddColumn("trace_id", filter.TraceId, "trace_id <> ''");
        AddColumn("result", filter.Result, filter.Result == "success" ? null : "result <> 'success'");
        AddColumn("action", filter.Action);
        AddColumn("service", filter.Service);
        AddColumn("stream", filter.ProjectId);
        AddMember("{activity_id}", filter.ActivityId);
        AddMember("{resource,connector}", filter.Connector);
        AddMember("{resource,document_name}", filter.DocumentName);
        AddMember("{rbac_scope}", filter.RbacScope);
        AddMember("{user_context,on_behalf_of}", filter.OnBehalfOf);
        AddMember("{policy,decision}", filter.PolicyDecision);
        AddTimes(filter.StartTime, filter.EndTime);
        AddLatency(">=", filter.MinLatencyMs);
        AddLatency("<=", filter.MaxLatencyMs);
        foreach (var word in filter.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Add($"entry ilike @{Next}", Next, $"%{Escaped(word)}%");
        }

        foreach (var (name, value) in filter.Attributes)
        {
            var key = Next;
            Add($"entry::jsonb -> 'attributes' ->> @{key} = @{key}Value", key, name);
            Parameters.Add($"{key}Value", value);
        }

        return this;
    }

    /// <summary>Adds the limits of time.</summary>
    public EventConditions AddTimes(Timestamp? start, Timestamp? end)
    {
        if (start is not null)
        {
            Add($"event_time >= @{Next}", Next, start.ToDateTime());
        }

        return end is null ? this : Add($"event_time < @{Next}", Next, end.ToDateTime());
    }

    private string Next => $"Condition{conditions.Count}";

    private static string Escaped(string word) => word.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");

    private void AddColumn(string column, string value, string? also = null)
    {
        if (value.Length > 0)
        {
            Add($"{column} = @{Next}{(also is null ? "" : $" and {also}")}", Next, value);
        }
    }

    private void AddMember(string path, string value)
    {
        if (value.Length > 0)
        {
            Add($"entry::jsonb #>> '{path}' = @{Next}", Next, value);
        }
    }

    private void AddLatency(string comparison, long value)
    {
        if (value != 0)
        {
            Add($"(entry::jsonb ->> 'latency_ms')::numeric {comparison} @{Next}", Next, value);
        }
    }
}
