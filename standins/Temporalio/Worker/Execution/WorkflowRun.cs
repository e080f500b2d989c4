using Temporalio.Worker.Execution.Commands;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>One run of a workflow: takes stretches of history, gives commands.</summary>
internal sealed partial class WorkflowRun : RunScheduler, IWorkflowContext
{
    private readonly WorkflowRunDetails details;
    private readonly CancellationTokenSource cancellation = new();
    private readonly CommandBook book = new();
    private readonly Dictionary<string, Queue<HandleSignalArguments>> waitingSignals = [];
    private readonly HashSet<string> notifiedPatches = [];
    private readonly Dictionary<string, bool> patches = [];
    private WorkflowInboundInterceptor? inbound;
    private WorkflowOutboundInterceptor? outbound;
    private object? instance;
    private object?[] runArguments = [];
    private PendingCommand? completion;
    private volatile Exception? taskFailure;
    private bool readOnly;

    public WorkflowRun(WorkflowRunDetails details, HistoryEvent started, string workflowId, string runId)
    {
        this.details = details;
        var attributes = started.WorkflowExecutionStartedEventAttributes;
        Info = WorkflowInfoReader.Read(details, attributes, started.EventTime.ToDateTime(), workflowId, runId);
        Random = new(RunSeed.From(attributes.OriginalExecutionRunId.Length > 0 ? attributes.OriginalExecutionRunId : runId));
        Logger = new ReplaySafeLogger(details.LoggerFactory.CreateLogger($"Temporalio.Workflow:{Info.WorkflowType}"), Info.LoggerScope, () => IsReplayingHistoryEvents);
        MetricMeter = new Runtime.Metrics.GatedMeter(details.Meter, () => !IsReplayingHistoryEvents);
        memo = attributes.Memo?.Fields.ToDictionary(field => field.Key, field => (IRawValue)new RawValue(field.Value)) ?? [];
        TypedSearchAttributes = attributes.SearchAttributes is { } searchAttributes ? SearchAttributeCollection.FromProto(searchAttributes) : SearchAttributeCollection.Empty;
        signals = new(details.Definition.Signals, (name, definition) => DeliverWaiting(name, definition));
        queries = new(details.Definition.Queries, static (_, _) => { });
        updates = new(details.Definition.Updates, static (_, _) => { });
        dynamicSignal = details.Definition.DynamicSignal;
        DynamicQuery = details.Definition.DynamicQuery;
        DynamicUpdate = details.Definition.DynamicUpdate;
        startInput = attributes.Input?.Payloads_ ?? [];
    }

    private readonly IReadOnlyList<Payload> startInput;

    /// <summary>The last event that the run has seen.</summary>
    public long LastEventId { get; private set; }

    /// <summary>The start of the last task that the run has handled.</summary>
    public long LastStartedId { get; private set; }

    public CommandBook Book => book;

    public WorkflowDefinition Definition => details.Definition;

    /// <summary>What closes the run, once something does.</summary>
    public PendingCommand? Completion => completion;

    /// <summary>What makes the task fail, if anything does.</summary>
    public Exception? TaskFailure => taskFailure;

    public bool Closed => completion is not null;

    protected override bool MustStop => taskFailure is not null;

    /// <summary>Applies one stretch and runs the workflow as far as it goes.</summary>
    public void Activate(Stretch stretch) => Guarded(() => Apply(stretch));

    /// <summary>Ends the task: its commands are final.</summary>
    public void Seal()
    {
        if (completion is { } command && !completionAdded)
        {
            completionAdded = true;
            unfinished.Warn(Logger, Info.WorkflowId);
            book.Add(command);
        }
    }

    /// <summary>The server dropped the last task: the run counts its events from before it.</summary>
    public void ResetTo(long eventId)
    {
        LastEventId = eventId;
        LastStartedId = Math.Min(LastStartedId, eventId);
    }

    private bool completionAdded;

    private void Apply(Stretch stretch)
    {
        foreach (var confirmation in stretch.Confirmations)
        {
            book.Confirm(confirmation);
            LastEventId = Math.Max(LastEventId, confirmation.EventId);
        }

        if (stretch.Confirmations.Count > 0 || stretch.Started is not null)
        {
            book.AssertConfirmed();
        }

        if (stretch.Started is not { } started)
        {
            return;
        }

        EnterTask(stretch, started);
        NotifyPatches(stretch.Ahead);
        if (instance is null)
        {
            Create();
        }

        foreach (var job in ActivationJobs.InOrder(stretch))
        {
            job.ApplyTo(this);
        }

        RunUntilIdle();
        foreach (var marker in stretch.Ahead)
        {
            ReplayLocalActivity(marker);
        }

        if (!stretch.Live)
        {
            Seal();
            book.Seal();
        }
    }

    private void EnterTask(Stretch stretch, HistoryEvent started)
    {
        var attributes = started.WorkflowTaskStartedEventAttributes;
        replaying = !stretch.Live;
        UtcNow = started.EventTime.ToDateTime();
        CurrentHistoryLength = (int)started.EventId;
        CurrentHistorySize = (int)attributes.HistorySizeBytes;
        ContinueAsNewSuggested = attributes.SuggestContinueAsNew;
        SuggestedContinueAsNewReasons = [.. attributes.SuggestContinueAsNewReasons.Select(reason => (Workflows.SuggestContinueAsNewReason)reason).Where(reason => reason != Workflows.SuggestContinueAsNewReason.Unspecified)];
        CurrentDeploymentVersion = stretch.Live ? details.Version : stretch.Version ?? CurrentDeploymentVersion;
        LastStartedId = started.EventId;
        LastEventId = started.EventId;
        if (stretch.ReseedRunId is { } reseed)
        {
            Random = new(RunSeed.From(reseed));
        }
    }

    private void NotifyPatches(IReadOnlyList<HistoryEvent> ahead)
    {
        foreach (var marker in ahead)
        {
            if (PatchMarker.Read(marker) is { } patch)
            {
                notifiedPatches.Add(patch.Id);
            }
        }
    }

    private void Create()
    {
        WorkflowInboundInterceptor chain = new Inbound(this);
        foreach (var interceptor in details.Interceptors.Reverse())
        {
            chain = interceptor.InterceptWorkflow(chain);
        }

        inbound = chain;
        chain.Init(new Outbound(this));
        runArguments = details.Definition.Dynamic ? [ArgumentReader.Raw(startInput)] : ArgumentReader.Read(details.PayloadConverter, details.Definition.RunMethod, startInput);
        instance = InContext(() => details.Definition.CreateWorkflowInstance(runArguments));
    }

    private void Guarded(Action action)
    {
        try
        {
            if (taskFailure is null)
            {
                Enter(action);
            }
        }
        catch (Exception e)
        {
            taskFailure ??= e;
        }
    }

    protected override void Escaped() => taskFailure ??= new InvalidWorkflowOperationException(
        "Workflow code left the workflow's task scheduler, so that it is no longer deterministic. " +
        "Do not use Task.Run, ConfigureAwait(false), or timers and tasks of other libraries");

    /// <summary>Calls a function outside the run's tasks but as code of the workflow.</summary>
    private T InContext<T>(Func<T> function)
    {
        var before = Workflow.OverrideContext.Value;
        Workflow.OverrideContext.Value = this;
        try
        {
            return function();
        }
        finally
        {
            Workflow.OverrideContext.Value = before;
        }
    }

    protected override T ReadOnly<T>(Func<T> function) => InContext(() =>
    {
        var before = readOnly;
        readOnly = true;
        try
        {
            return function();
        }
        finally
        {
            readOnly = before;
        }
    });
}
