namespace Temporalio.Workflows;

/// <summary>What stands behind <see cref="Workflow" /> for one run.</summary>
internal interface IWorkflowContext
{
    bool AllHandlersFinished { get; }

    CancellationToken CancellationToken { get; }

    bool ContinueAsNewSuggested { get; }

    WorkerDeploymentVersion? CurrentDeploymentVersion { get; }

    string CurrentDetails { get; set; }

    int CurrentHistoryLength { get; }

    int CurrentHistorySize { get; }

    WorkflowUpdateInfo? CurrentUpdateInfo { get; }

    WorkflowQueryDefinition? DynamicQuery { get; set; }

    WorkflowSignalDefinition? DynamicSignal { get; set; }

    WorkflowUpdateDefinition? DynamicUpdate { get; set; }

    WorkflowInfo Info { get; }

    object Instance { get; }

    bool IsReplaying { get; }

    bool IsReplayingHistoryEvents { get; }

    ILogger Logger { get; }

    MetricMeter MetricMeter { get; }

    IReadOnlyDictionary<string, IRawValue> Memo { get; }

    IPayloadConverter PayloadConverter { get; }

    IDictionary<string, WorkflowQueryDefinition> Queries { get; }

    DeterministicRandom Random { get; }

    IDictionary<string, WorkflowSignalDefinition> Signals { get; }

    IReadOnlyCollection<SuggestContinueAsNewReason> SuggestedContinueAsNewReasons { get; }

    SearchAttributeCollection TypedSearchAttributes { get; }

    IDictionary<string, WorkflowUpdateDefinition> Updates { get; }

    DateTime UtcNow { get; }

    void AssertNotReadOnly(string act);

    ContinueAsNewException CreateContinueAsNewException(string workflow, IReadOnlyCollection<object?> args, ContinueAsNewOptions? options);

    Task DelayWithOptionsAsync(DelayOptions options);

    Task<TResult> ExecuteActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, ActivityOptions options);

    Task<TResult> ExecuteLocalActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options);

    ExternalWorkflowHandle<TWorkflow> GetExternalWorkflowHandle<TWorkflow>(string id, string? runId);

    bool Patch(string patchId, bool deprecated);

    Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions options);

    void UpsertMemo(IReadOnlyCollection<MemoUpdate> updates);

    void UpsertTypedSearchAttributes(IReadOnlyCollection<SearchAttributeUpdate> updates);

    Task<bool> WaitConditionWithOptionsAsync(WaitConditionOptions options);
}
