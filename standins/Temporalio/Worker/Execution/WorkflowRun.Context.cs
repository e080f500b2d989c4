using Temporalio.Worker.Execution.Commands;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

internal sealed partial class WorkflowRun
{
    private static readonly AsyncLocal<WorkflowUpdateInfo?> UpdateInfo = new();

    private readonly Dictionary<string, IRawValue> memo;
    private readonly HandlerTable<WorkflowSignalDefinition> signals;
    private readonly HandlerTable<WorkflowQueryDefinition> queries;
    private readonly HandlerTable<WorkflowUpdateDefinition> updates;
    private WorkflowSignalDefinition? dynamicSignal;
    private bool replaying;
    private bool answering;
    private int sequence;

    public bool AllHandlersFinished => runningHandlers == 0;

    public CancellationToken CancellationToken => cancellation.Token;

    public bool ContinueAsNewSuggested { get; private set; }

    public IReadOnlyCollection<Workflows.SuggestContinueAsNewReason> SuggestedContinueAsNewReasons { get; private set; } = [];

    public WorkerDeploymentVersion? CurrentDeploymentVersion { get; private set; }

    public string CurrentDetails { get; set; } = string.Empty;

    public int CurrentHistoryLength { get; private set; }

    public int CurrentHistorySize { get; private set; }

    public WorkflowUpdateInfo? CurrentUpdateInfo => UpdateInfo.Value;

    public WorkflowQueryDefinition? DynamicQuery { get; set; }

    public WorkflowSignalDefinition? DynamicSignal
    {
        get => dynamicSignal;
        set
        {
            dynamicSignal = value;
            if (value is not null)
            {
                foreach (var name in waitingSignals.Keys.ToList())
                {
                    DeliverWaiting(name, value);
                }
            }
        }
    }

    public WorkflowUpdateDefinition? DynamicUpdate { get; set; }

    public WorkflowInfo Info { get; }

    public object Instance => instance ?? throw new InvalidOperationException("Workflow instance is not created yet");

    // As Temporal's SDKs have it, a query always looks back.
    public bool IsReplaying => replaying || answering;

    public bool IsReplayingHistoryEvents => IsReplaying && !answering;

    public ILogger Logger { get; }

    public MetricMeter MetricMeter { get; }

    public IReadOnlyDictionary<string, IRawValue> Memo => memo;

    public IPayloadConverter PayloadConverter => details.PayloadConverter;

    public IDictionary<string, WorkflowQueryDefinition> Queries => queries;

    public DeterministicRandom Random { get; private set; }

    public IDictionary<string, WorkflowSignalDefinition> Signals => signals;

    public SearchAttributeCollection TypedSearchAttributes { get; private set; }

    public IDictionary<string, WorkflowUpdateDefinition> Updates => updates;

    public DateTime UtcNow { get; private set; }

    public void AssertNotReadOnly(string act)
    {
        if (readOnly)
        {
            throw new InvalidWorkflowOperationException($"Cannot {act} in a query, update validator or condition: it may only look at the workflow");
        }
    }

    public bool Patch(string patchId, bool deprecated)
    {
        if (patches.TryGetValue(patchId, out var known))
        {
            return known;
        }

        AssertNotReadOnly("patch");
        var patched = !IsReplaying || notifiedPatches.Contains(patchId);
        patches[patchId] = patched || deprecated;
        if (patched)
        {
            book.Add(PatchMarker.Create(patchId, deprecated));
            book.Add(PatchMarker.CreateUpsert([.. patches.Where(patch => patch.Value).Select(patch => patch.Key)]));
        }

        return patches[patchId];
    }

    public void UpsertMemo(IReadOnlyCollection<MemoUpdate> updates)
    {
        AssertNotReadOnly("upsert memo");
        if (updates.Count == 0)
        {
            throw new ArgumentException("At least one update required", nameof(updates));
        }

        var fields = new Api.Common.V1.Memo();
        foreach (var update in updates)
        {
            fields.Fields[update.UntypedKey] = PayloadConverter.ToPayload(update.HasValue ? update.UntypedValue : null);
            if (update.HasValue)
            {
                memo[update.UntypedKey] = new RawValue(fields.Fields[update.UntypedKey]);
            }
            else
            {
                memo.Remove(update.UntypedKey);
            }
        }

        book.Add(new(
            new() { CommandType = CommandType.ModifyWorkflowProperties, ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = fields } },
            EventType.WorkflowPropertiesModified,
            "ModifyWorkflowProperties"));
    }

    public void UpsertTypedSearchAttributes(IReadOnlyCollection<SearchAttributeUpdate> updates)
    {
        AssertNotReadOnly("upsert search attributes");
        if (updates.Count == 0)
        {
            throw new ArgumentException("At least one update required", nameof(updates));
        }

        var attributes = new Api.Common.V1.SearchAttributes();
        var builder = new SearchAttributeCollection.Builder(TypedSearchAttributes);
        foreach (var update in updates)
        {
            attributes.IndexedFields[update.UntypedKey.Name] = SearchAttributePayload.Write(update.UntypedKey, update.HasValue ? update.UntypedValue : null);
            _ = update.HasValue ? builder.SetUntyped(update.UntypedKey, update.UntypedValue) : builder.Unset(update.UntypedKey);
        }

        TypedSearchAttributes = builder.ToSearchAttributeCollection();
        book.Add(new(
            new() { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = attributes } },
            EventType.UpsertWorkflowSearchAttributes,
            "UpsertWorkflowSearchAttributes"));
    }
}
