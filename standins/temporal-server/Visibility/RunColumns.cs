using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Visibility;

/// <summary>The attributes that every run has, and where table <c>run</c> keeps them.</summary>
internal static class RunColumns
{
    /// <summary>SQL and type by name.</summary>
    public static IReadOnlyDictionary<string, (string Sql, IndexedValueType Type)> All { get; } = new Dictionary<string, (string, IndexedValueType)>
    {
        ["CloseTime"] = ("close_time", IndexedValueType.Datetime),
        ["ExecutionDuration"] = ("(extract(epoch from close_time - execution_time) * 1000000000)", IndexedValueType.Int),
        ["ExecutionStatus"] = ("status", IndexedValueType.Keyword),
        ["ExecutionTime"] = ("execution_time", IndexedValueType.Datetime),
        ["HistoryLength"] = ("history_length", IndexedValueType.Int),
        ["HistorySizeBytes"] = ("history_bytes", IndexedValueType.Int),
        ["ParentRunId"] = ("parent_run_id", IndexedValueType.Keyword),
        ["ParentWorkflowId"] = ("parent_workflow_id", IndexedValueType.Keyword),
        ["RootRunId"] = ("root_run_id", IndexedValueType.Keyword),
        ["RootWorkflowId"] = ("root_workflow_id", IndexedValueType.Keyword),
        ["RunId"] = ("run_id::text", IndexedValueType.Keyword),
        ["StartTime"] = ("start_time", IndexedValueType.Datetime),
        ["StateTransitionCount"] = ("state_transitions", IndexedValueType.Int),
        ["TaskQueue"] = ("task_queue", IndexedValueType.Keyword),
        ["WorkflowId"] = ("workflow_id", IndexedValueType.Keyword),
        ["WorkflowType"] = ("workflow_type", IndexedValueType.Keyword),
    };
}
