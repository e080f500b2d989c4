using Grpc.Core;
using Grpc.Net.Client;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace TemporalServer.Tests.Durability;

/// <summary>Calls a server that may be gone for a while: every call is repeated until it is answered.</summary>
internal sealed class RawClient(string address) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly GrpcChannel channel = GrpcChannel.ForAddress($"http://{address}");

    /// <summary>The namespace of all calls.</summary>
    public const string Namespace = "default";

    /// <summary>The service, for calls that are not to be repeated.</summary>
    public WorkflowService.WorkflowServiceClient Service => new(channel);

    /// <summary>Repeats a call until the server answers it; nothing when it answers that there is nothing of the kind any more.</summary>
    public async Task<T?> CallAsync<T>(Func<WorkflowService.WorkflowServiceClient, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        using var pause = new PeriodicTimer(Pause);
        while (true)
        {
            try
            {
                return await call(Service, new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5), cancellationToken: cancellationToken));
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                return null;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled)
            {
                await pause.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <summary>Starts a workflow, under its own id as request id unless another one is given; a worker has so many seconds for each of its tasks.</summary>
    public Task StartAsync(string workflowId, string queue, CancellationToken cancellationToken, int taskSeconds = 10, string? requestId = null) => CallAsync(
        (service, options) => service.StartWorkflowExecutionAsync(
            new()
            {
                Namespace = Namespace,
                WorkflowId = workflowId,
                WorkflowType = new() { Name = "raw" },
                TaskQueue = new() { Name = queue },
                WorkflowTaskTimeout = new() { Seconds = taskSeconds },
                RequestId = requestId ?? workflowId,
            },
            options),
        cancellationToken);

    /// <summary>Sends a signal once, however often the call is repeated.</summary>
    public Task SignalAsync(string workflowId, string name, CancellationToken cancellationToken) => CallAsync(
        (service, options) => service.SignalWorkflowExecutionAsync(
            new() { Namespace = Namespace, WorkflowExecution = new() { WorkflowId = workflowId }, SignalName = name, RequestId = $"{workflowId}/{name}" }, options),
        cancellationToken);

    /// <summary>The next workflow task of a queue, however long it takes to come.</summary>
    public async Task<PollWorkflowTaskQueueResponse> TaskAsync(string queue, CancellationToken cancellationToken)
    {
        while (true)
        {
            var task = await CallAsync((service, options) => service.PollWorkflowTaskQueueAsync(new() { Namespace = Namespace, TaskQueue = new() { Name = queue } }, options), cancellationToken);
            if (task is { TaskToken.IsEmpty: false })
            {
                return task;
            }
        }
    }

    /// <summary>Completes the next workflow task of a queue with commands; a refusal is thrown.</summary>
    public async Task WorkAsync(string queue, CancellationToken cancellationToken, params Command[] commands)
    {
        var task = await TaskAsync(queue, cancellationToken);
        await Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = Namespace, TaskToken = task.TaskToken, Commands = { commands } }, cancellationToken: cancellationToken);
    }

    /// <summary>The first event of a type in a workflow's newest run, however long it takes to come.</summary>
    public async Task<HistoryEvent> EventAsync(string workflowId, EventType type, CancellationToken cancellationToken)
    {
        HistoryEvent? found = null;
        await Mainstay.Testing.Eventually.TrueAsync(async () => (found = (await HistoryAsync(workflowId, cancellationToken)).Find(e => e.EventType == type)) is not null, cancellationToken);
        return found!;
    }

    /// <summary>The whole history of the newest run of a workflow.</summary>
    public async Task<List<HistoryEvent>> HistoryAsync(string workflowId, CancellationToken cancellationToken)
    {
        var events = new List<HistoryEvent>();
        var token = Google.Protobuf.ByteString.Empty;
        do
        {
            var page = await CallAsync(
                (service, options) => service.GetWorkflowExecutionHistoryAsync(
                    new() { Namespace = Namespace, Execution = new WorkflowExecution { WorkflowId = workflowId }, NextPageToken = token }, options),
                cancellationToken) ?? throw new InvalidOperationException($"There is no workflow {workflowId}.");
            events.AddRange(page.History.Events);
            token = page.NextPageToken;
        }
        while (!token.IsEmpty);

        return events;
    }

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();
}
