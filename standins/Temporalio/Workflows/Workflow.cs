namespace Temporalio.Workflows;

/// <summary>What workflow code may ask and do; usable only inside a workflow.</summary>
public static partial class Workflow
{
    /// <summary>Whether no signal or update handler is running.</summary>
    public static bool AllHandlersFinished => Context.AllHandlersFinished;

    /// <summary>Fires when cancellation of the workflow is requested.</summary>
    public static CancellationToken CancellationToken => Context.CancellationToken;

    /// <summary>Whether the history has become so long that the server suggests to continue as new.</summary>
    public static bool ContinueAsNewSuggested => Context.ContinueAsNewSuggested;

    /// <summary>The build id of the worker that executed the current task; empty where it is not known.</summary>
    public static string CurrentBuildId => Context.CurrentDeploymentVersion?.BuildId ?? string.Empty;

    /// <summary>The deployment version of the worker that executed the current task: on replay, of the one that did then.</summary>
    public static WorkerDeploymentVersion? CurrentDeploymentVersion => Context.CurrentDeploymentVersion;

    public static string CurrentDetails
    {
        get => Context.CurrentDetails;
        set => Context.CurrentDetails = value;
    }

    /// <summary>Number of events in the history at the current task.</summary>
    public static int CurrentHistoryLength => Context.CurrentHistoryLength;

    /// <summary>Bytes of history at the current task.</summary>
    public static int CurrentHistorySize => Context.CurrentHistorySize;

    /// <summary>The update that the running handler handles; null elsewhere.</summary>
    public static WorkflowUpdateInfo? CurrentUpdateInfo => Context.CurrentUpdateInfo;

    public static WorkflowQueryDefinition? DynamicQuery
    {
        get => Context.DynamicQuery;
        set => Context.DynamicQuery = value;
    }

    public static WorkflowSignalDefinition? DynamicSignal
    {
        get => Context.DynamicSignal;
        set => Context.DynamicSignal = value;
    }

    public static WorkflowUpdateDefinition? DynamicUpdate
    {
        get => Context.DynamicUpdate;
        set => Context.DynamicUpdate = value;
    }

    public static WorkflowInfo Info => Context.Info;

    /// <summary>The object that runs the workflow.</summary>
    public static object Instance => Context.Instance;

    /// <summary>Whether the calling code runs inside a workflow.</summary>
    public static bool InWorkflow => TaskScheduler.Current is IWorkflowContext || OverrideContext.Value is not null;

    /// <summary>A logger that is silent while history is replayed.</summary>
    public static ILogger Logger => Context.Logger;

    public static IReadOnlyDictionary<string, IRawValue> Memo => Context.Memo;

    /// <summary>Creates metrics that are silent while history is replayed.</summary>
    public static MetricMeter MetricMeter => Context.MetricMeter;

    public static IPayloadConverter PayloadConverter => Context.PayloadConverter;

    /// <summary>The query handlers, to which more can be added.</summary>
    public static IDictionary<string, WorkflowQueryDefinition> Queries => Context.Queries;

    /// <summary>Random numbers that are the same on replay.</summary>
    public static DeterministicRandom Random => Context.Random;

    /// <summary>Why the server suggests to continue as new; empty while it does not.</summary>
    public static IReadOnlyCollection<SuggestContinueAsNewReason> SuggestedContinueAsNewReasons => Context.SuggestedContinueAsNewReasons;

    public static SearchAttributeCollection TypedSearchAttributes => Context.TypedSearchAttributes;

    /// <summary>The signal handlers; a handler that is added gets the signals that waited for it.</summary>
    public static IDictionary<string, WorkflowSignalDefinition> Signals => Context.Signals;

    /// <summary>The update handlers, to which more can be added.</summary>
    public static IDictionary<string, WorkflowUpdateDefinition> Updates => Context.Updates;

    /// <summary>The time of the current task; the same on replay.</summary>
    public static DateTime UtcNow => Context.UtcNow;

    internal static AsyncLocal<IWorkflowContext?> OverrideContext { get; } = new();

    private static IWorkflowContext Context =>
        TaskScheduler.Current as IWorkflowContext ?? OverrideContext.Value ??
        throw new InvalidOperationException(
            "Not in workflow. Workflow code must stay on the workflow's own task scheduler: " +
            "no Task.Run, no ConfigureAwait(false), no timers or tasks of other libraries");

    /// <summary>A UUID that is the same on replay.</summary>
    public static Guid NewGuid()
    {
        var bytes = new byte[16];
        Random.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes);
    }

    /// <summary>Whether code of the change with this id may run: always for new runs, on replay if the history was made with it.</summary>
    public static bool Patched(string patchId) => Context.Patch(patchId, deprecated: false);

    /// <summary>Says that no run without the change is left, so that the condition can be removed.</summary>
    public static void DeprecatePatch(string patchId) => Context.Patch(patchId, deprecated: true);

    public static void UpsertMemo(params MemoUpdate[] updates) => Context.UpsertMemo(updates);

    public static void UpsertTypedSearchAttributes(params SearchAttributeUpdate[] updates) => Context.UpsertTypedSearchAttributes(updates);

    /// <summary>What breaks determinism when used without care.</summary>
    public static class Unsafe
    {
        /// <summary>Whether history is being replayed.</summary>
        public static bool IsReplaying => Context.IsReplaying;

        /// <summary>Whether history is being replayed, and not a query or an update's validator running on its end.</summary>
        public static bool IsReplayingHistoryEvents => Context.IsReplayingHistoryEvents;
    }
}
