using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Converters;

namespace Temporalio.Tests.Mirror;

/// <summary>The scenario itself as worker, over the calls of the SDK's connection.</summary>
internal sealed partial class Scenario
{
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(30);

    public Temporalio.Client.WorkflowService Service => Client.Connection.WorkflowService;

    public static Payload Payload(object? value) => DataConverter.Default.PayloadConverter.ToPayload(value);

    public static Payloads Payloads(params object?[] values) => new() { Payloads_ = { values.Select(Payload) } };

    /// <summary>A request to start the raw workflow, for a scenario to change.</summary>
    public StartWorkflowExecutionRequest StartRequest(string label, string? queue = null) => new()
    {
        Namespace = "default",
        WorkflowId = Name(label),
        WorkflowType = new() { Name = "raw" },
        TaskQueue = new() { Name = queue ?? Queue },
        Identity = "conformance-client",
        RequestId = Guid.NewGuid().ToString(),
    };

    public async Task<string> RawStartAsync(string label, Action<StartWorkflowExecutionRequest>? change = null, string? queue = null)
    {
        var request = StartRequest(label, queue);
        change?.Invoke(request);
        return (await Service.StartWorkflowExecutionAsync(request)).RunId;
    }

    /// <summary>The next workflow task of a queue.</summary>
    public async Task<PollWorkflowTaskQueueResponse> PollTaskAsync(string? queue = null, string? stickyOf = null)
    {
        var asked = new Api.TaskQueue.V1.TaskQueue { Name = queue ?? Queue, Kind = stickyOf is null ? TaskQueueKind.Normal : TaskQueueKind.Sticky, NormalName = stickyOf ?? "" };
        var task = await Service.PollWorkflowTaskQueueAsync(new() { Namespace = "default", TaskQueue = asked, Identity = "raw-worker" }, Within(PollTime));
        Assert.False(task.TaskToken.IsEmpty, "No workflow task came.");
        return task;
    }

    public async Task<PollActivityTaskQueueResponse> PollActivityAsync(string queue)
    {
        var task = await Service.PollActivityTaskQueueAsync(new() { Namespace = "default", TaskQueue = new() { Name = queue }, Identity = "raw-worker" }, Within(PollTime));
        Assert.False(task.TaskToken.IsEmpty, "No activity task came.");
        return task;
    }

    public Task<RespondWorkflowTaskCompletedResponse> CompleteTaskAsync(PollWorkflowTaskQueueResponse task, params Command[] commands) => CompleteTaskAsync(task, null, commands);

    public Task<RespondWorkflowTaskCompletedResponse> CompleteTaskAsync(PollWorkflowTaskQueueResponse task, string? sticky, params Command[] commands)
    {
        var request = new RespondWorkflowTaskCompletedRequest { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw-worker", Commands = { commands } };
        if (sticky is not null)
        {
            request.StickyAttributes = new()
            {
                WorkerTaskQueue = new() { Name = sticky, Kind = TaskQueueKind.Sticky, NormalName = Queue },
                ScheduleToStartTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)),
            };
        }

        return Service.RespondWorkflowTaskCompletedAsync(request);
    }

    public Task SignalAsync(string label, string signal, params object?[] args) => Service.SignalWorkflowExecutionAsync(new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = Name(label) },
        SignalName = signal,
        Input = Payloads(args),
        Identity = "conformance-client",
        RequestId = Guid.NewGuid().ToString(),
    });

    public Task TerminateAsync(string label, string? reason = null) => Client.GetWorkflowHandle(Name(label)).TerminateAsync(reason);

    public static RpcOptions Within(TimeSpan time) => new() { Timeout = time };

    public static Command Complete(object? result = null) => new()
    {
        CommandType = CommandType.CompleteWorkflowExecution,
        CompleteWorkflowExecutionCommandAttributes = new() { Result = Payloads(result ?? "done") },
    };

    public static Command Timer(string id, double? seconds) => new()
    {
        CommandType = CommandType.StartTimer,
        StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = seconds is { } time ? Duration.FromTimeSpan(TimeSpan.FromSeconds(time)) : null },
    };

    public static Command Activity(string id, string queue, Action<ScheduleActivityTaskCommandAttributes>? change = null)
    {
        var attributes = new ScheduleActivityTaskCommandAttributes
        {
            ActivityId = id,
            ActivityType = new() { Name = "rawActivity" },
            TaskQueue = new() { Name = queue },
            StartToCloseTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
        };
        change?.Invoke(attributes);
        return new() { CommandType = CommandType.ScheduleActivityTask, ScheduleActivityTaskCommandAttributes = attributes };
    }

    /// <summary>A payload over the limit of 2 MiB, or as far under it as asked.</summary>
    public static Payload Big(int bytes = (2 * 1024 * 1024) + 1) => new()
    {
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/plain") },
        Data = UnsafeByteOperations.UnsafeWrap(new byte[bytes]),
    };
}
