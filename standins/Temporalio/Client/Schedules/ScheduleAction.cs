using Temporalio.Api.Workflow.V1;
using Temporalio.Workflows;

namespace Temporalio.Client.Schedules;

/// <summary>What a schedule does.</summary>
public abstract record ScheduleAction
{
    internal static ScheduleAction FromProto(Api.Schedule.V1.ScheduleAction proto, DataConverter converter) =>
        proto.StartWorkflow is { } start ? ScheduleActionStartWorkflow.FromProto(start, converter) : throw new InvalidOperationException("Unsupported action");

    internal abstract Task<Api.Schedule.V1.ScheduleAction> ToProtoAsync(DataConverter converter);
}

/// <summary>Starts a workflow. Of its options, the id is a prefix; id policies, cron schedule, start delay, start signal and RPC options are not for schedules.</summary>
public record ScheduleActionStartWorkflow : ScheduleAction
{
    private ScheduleActionStartWorkflow(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options, IReadOnlyDictionary<string, IEncodedRawValue>? headers) =>
        (Workflow, Args, Options, Headers) = (workflow, args, options, headers);

    public string Workflow { get; init; }

    /// <summary>The arguments; those of a described schedule are encoded still.</summary>
    public IReadOnlyCollection<object?> Args { get; init; }

    public WorkflowOptions Options { get; init; }

    public IReadOnlyDictionary<string, IEncodedRawValue>? Headers { get; init; }

    public static ScheduleActionStartWorkflow Create<TWorkflow, TResult>(Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var (method, arguments) = ExpressionUtil.ExtractCall(workflowRunCall);
        return Create(WorkflowDefinition.NameFromRunMethodForCall(method), arguments, options);
    }

    public static ScheduleActionStartWorkflow Create<TWorkflow>(Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var (method, arguments) = ExpressionUtil.ExtractCall(workflowRunCall);
        return Create(WorkflowDefinition.NameFromRunMethodForCall(method), arguments, options);
    }

    public static ScheduleActionStartWorkflow Create(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        if (options.Id is null || options.TaskQueue is null)
        {
            throw new ArgumentException("ID and task queue are required on workflow action");
        }

        if (options.StartDelay is not null || options.CronSchedule is not null || options.StartSignal is not null || options.Rpc is not null)
        {
            throw new ArgumentException("Start delay, cron schedule, start signal and RPC options cannot be set on a scheduled workflow");
        }

        return new(workflow, args, options, null);
    }

    internal static ScheduleActionStartWorkflow FromProto(NewWorkflowExecutionInfo proto, DataConverter converter)
    {
        IEncodedRawValue Encoded(Payload payload) => new EncodedRawValue(converter, payload);
        var options = new WorkflowOptions(proto.WorkflowId, proto.TaskQueue.Name)
        {
            ExecutionTimeout = Set(proto.WorkflowExecutionTimeout),
            RunTimeout = Set(proto.WorkflowRunTimeout),
            TaskTimeout = Set(proto.WorkflowTaskTimeout),
            RetryPolicy = proto.RetryPolicy is { } retry ? RetryPolicy.FromProto(retry) : null,
            Memo = proto.Memo?.Fields.ToDictionary(field => field.Key, field => (object)Encoded(field.Value)),
            TypedSearchAttributes = proto.SearchAttributes is { } attributes ? SearchAttributeCollection.FromProto(attributes) : null,
        };
        return new(
            proto.WorkflowType.Name,
            [.. (proto.Input?.Payloads_ ?? []).Select(Encoded)],
            options,
            proto.Header?.Fields.ToDictionary(field => field.Key, field => Encoded(field.Value)));
    }

    internal override async Task<Api.Schedule.V1.ScheduleAction> ToProtoAsync(DataConverter converter)
    {
        var start = new NewWorkflowExecutionInfo
        {
            WorkflowId = Options.Id,
            WorkflowType = new() { Name = Workflow },
            TaskQueue = new() { Name = Options.TaskQueue },
            WorkflowExecutionTimeout = Options.ExecutionTimeout is { } execution ? Duration.FromTimeSpan(execution) : null,
            WorkflowRunTimeout = Options.RunTimeout is { } run ? Duration.FromTimeSpan(run) : null,
            WorkflowTaskTimeout = Options.TaskTimeout is { } task ? Duration.FromTimeSpan(task) : null,
            RetryPolicy = Options.RetryPolicy?.ToProto(),
            SearchAttributes = Options.TypedSearchAttributes?.ToProto(),
            Priority = Options.Priority?.ToProto(),
        };
        foreach (var argument in Args)
        {
            start.Input ??= new();
            start.Input.Payloads_.Add(await PayloadAsync(converter, argument).ConfigureAwait(false));
        }

        foreach (var (name, value) in Options.Memo ?? new Dictionary<string, object>())
        {
            start.Memo ??= new();
            start.Memo.Fields[name] = await PayloadAsync(converter, value).ConfigureAwait(false);
        }

        foreach (var (name, value) in Headers ?? new Dictionary<string, IEncodedRawValue>())
        {
            start.Header ??= new();
            start.Header.Fields[name] = value.Payload;
        }

        return new() { StartWorkflow = start };
    }

    // What was read from the server is encoded already.
    private static Task<Payload> PayloadAsync(DataConverter converter, object? value) => value is IEncodedRawValue encoded ? Task.FromResult(encoded.Payload) : converter.ToPayloadAsync(value);

    private static TimeSpan? Set(Duration? duration) => duration is { } given && given.ToTimeSpan() > TimeSpan.Zero ? given.ToTimeSpan() : null;
}
