namespace Temporalio.Client.Interceptors;

/// <summary>Starts a workflow.</summary>
public record StartWorkflowInput(string Workflow, IReadOnlyCollection<object?> Args, WorkflowOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>Starts an update, and its workflow if there is none.</summary>
public record StartUpdateWithStartWorkflowInput(string Update, IReadOnlyCollection<object?> Args, WorkflowStartUpdateWithStartOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>Starts an update.</summary>
public record StartWorkflowUpdateInput(
    string Id, string? RunId, string? FirstExecutionRunId, string Update, IReadOnlyCollection<object?> Args, WorkflowUpdateStartOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>Sends a signal.</summary>
public record SignalWorkflowInput(string Id, string? RunId, string Signal, IReadOnlyCollection<object?> Args, WorkflowSignalOptions? Options, IDictionary<string, Payload>? Headers);

/// <summary>Asks a query.</summary>
public record QueryWorkflowInput(string Id, string? RunId, string Query, IReadOnlyCollection<object?> Args, WorkflowQueryOptions? Options, IDictionary<string, Payload>? Headers);

/// <summary>Requests cancellation.</summary>
public record CancelWorkflowInput(string Id, string? RunId, string? FirstExecutionRunId, WorkflowCancelOptions? Options);

/// <summary>Terminates a workflow.</summary>
public record TerminateWorkflowInput(string Id, string? RunId, string? FirstExecutionRunId, string? Reason, WorkflowTerminateOptions? Options);

/// <summary>Describes a workflow.</summary>
public record DescribeWorkflowInput(string Id, string? RunId, WorkflowDescribeOptions? Options);

/// <summary>Lists workflows.</summary>
public record ListWorkflowsInput(string Query, WorkflowListOptions? Options);

/// <summary>Lists one page of workflows.</summary>
public record ListWorkflowsPaginatedInput(string Query, byte[]? NextPageToken, WorkflowListPaginatedOptions? Options);

/// <summary>Counts workflows.</summary>
public record CountWorkflowsInput(string Query, WorkflowCountOptions? Options);

/// <summary>Reads one page of a history.</summary>
public record FetchWorkflowHistoryEventPageInput(
    string Id, string? RunId, int? PageSize, byte[]? NextPageToken, bool WaitNewEvent, HistoryEventFilterType EventFilterType, bool SkipArchival, RpcOptions? Rpc);

/// <summary>One page of a history; without a token it is the last.</summary>
public record WorkflowHistoryEventPage(IReadOnlyCollection<HistoryEvent> Events, byte[]? NextPageToken);

/// <summary>Sends a heartbeat of an activity from outside its worker.</summary>
public record HeartbeatAsyncActivityInput(AsyncActivityHandle.Reference Activity, AsyncActivityHeartbeatOptions? Options, DataConverter? DataConverterOverride = null);

/// <summary>Completes an activity from outside its worker.</summary>
public record CompleteAsyncActivityInput(AsyncActivityHandle.Reference Activity, object? Result, AsyncActivityCompleteOptions? Options, DataConverter? DataConverterOverride = null);

/// <summary>Fails an activity from outside its worker.</summary>
public record FailAsyncActivityInput(AsyncActivityHandle.Reference Activity, Exception Exception, AsyncActivityFailOptions? Options, DataConverter? DataConverterOverride = null);

/// <summary>Reports from outside its worker that an activity is cancelled.</summary>
public record ReportCancellationAsyncActivityInput(
    AsyncActivityHandle.Reference Activity, AsyncActivityReportCancellationOptions? Options, DataConverter? DataConverterOverride = null);
