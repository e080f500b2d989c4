using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Client;

/// <summary>A workflow as lists show it.</summary>
public class WorkflowExecution
{
    private readonly DataConverter dataConverter;

    internal WorkflowExecution(WorkflowExecutionInfo rawInfo, DataConverter dataConverter)
    {
        RawInfo = rawInfo;
        this.dataConverter = dataConverter;
    }

    public DateTime? CloseTime => RawInfo.CloseTime?.ToDateTime();

    public DateTime? ExecutionTime => RawInfo.ExecutionTime?.ToDateTime();

    public int HistoryLength => (int)RawInfo.HistoryLength;

    public string Id => RawInfo.Execution.WorkflowId;

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo =>
        RawInfo.Memo?.Fields.ToDictionary(entry => entry.Key, entry => (IEncodedRawValue)new EncodedRawValue(dataConverter, entry.Value)) ?? [];

    public string? ParentId => RawInfo.ParentExecution?.WorkflowId;

    public string? ParentRunId => RawInfo.ParentExecution?.RunId;

    public string RunId => RawInfo.Execution.RunId;

    public DateTime StartTime => RawInfo.StartTime.ToDateTime();

    public WorkflowExecutionStatus Status => RawInfo.Status;

    public string TaskQueue => RawInfo.TaskQueue;

    public SearchAttributeCollection TypedSearchAttributes =>
        RawInfo.SearchAttributes is { } attributes ? SearchAttributeCollection.FromProto(attributes) : SearchAttributeCollection.Empty;

    public string WorkflowType => RawInfo.Type.Name;

    internal WorkflowExecutionInfo RawInfo { get; }
}

/// <summary>A workflow as described by the server.</summary>
public class WorkflowExecutionDescription : WorkflowExecution
{
    private readonly DataConverter dataConverter;

    internal WorkflowExecutionDescription(DescribeWorkflowExecutionResponse rawDescription, DataConverter dataConverter)
        : base(rawDescription.WorkflowExecutionInfo, dataConverter)
    {
        RawDescription = rawDescription;
        this.dataConverter = dataConverter;
    }

    internal DescribeWorkflowExecutionResponse RawDescription { get; }

    public async Task<string?> GetStaticSummaryAsync() => RawDescription.ExecutionConfig?.UserMetadata?.Summary is { } summary
        ? await dataConverter.ToValueAsync<string>(summary).ConfigureAwait(false)
        : null;

    public async Task<string?> GetStaticDetailsAsync() => RawDescription.ExecutionConfig?.UserMetadata?.Details is { } details
        ? await dataConverter.ToValueAsync<string>(details).ConfigureAwait(false)
        : null;
}

/// <summary>One page of a list.</summary>
public record WorkflowListPage(IReadOnlyCollection<WorkflowExecution> Workflows, byte[]? NextPageToken);

/// <summary>How many workflows a query finds.</summary>
public class WorkflowExecutionCount
{
    internal WorkflowExecutionCount(CountWorkflowExecutionsResponse raw)
    {
        Count = raw.Count;
        Groups = [.. raw.Groups.Select(group => new AggregationGroup(group))];
    }

    public long Count { get; private init; }

    public IReadOnlyCollection<AggregationGroup> Groups { get; private init; }

    /// <summary>The count of one group.</summary>
    public class AggregationGroup
    {
        internal AggregationGroup(CountWorkflowExecutionsResponse.Types.AggregationGroup raw)
        {
            Count = raw.Count;
            GroupValues = [.. raw.GroupValues.Select(value => (object)DataConverter.Default.PayloadConverter.ToValue<string>(value))];
        }

        public long Count { get; private init; }

        public IReadOnlyCollection<object> GroupValues { get; private init; }
    }
}
