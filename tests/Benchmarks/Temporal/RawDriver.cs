using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Benchmarks.Harness;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>Plays client and worker over gRPC without an SDK: starts no-op workflows and completes them.</summary>
internal sealed class RawDriver(string address) : IDisposable
{
    /// <summary>The workflows under way at once.</summary>
    public const int AtOnce = 32;

    private const int Polls = 16;
    private const string Namespace = "default";
    private readonly GrpcChannel channel = GrpcChannel.ForAddress($"http://{address}");
    private readonly ConcurrentDictionary<string, TaskCompletionSource> open = new();

    /// <summary>The requests per second that changed a workflow: each start and each completion; polls are not counted.</summary>
    public async Task<Reading> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var reading = await RunAsync(() => Stopwatch.GetElapsedTime(started) < duration, cancellationToken);
        return reading with { PerSecond = 2 * reading.PerSecond };
    }

    /// <summary>Starts and completes a number of workflows.</summary>
    public Task CompleteAsync(int count, CancellationToken cancellationToken)
    {
        var left = count;
        return RunAsync(() => Interlocked.Decrement(ref left) >= 0, cancellationToken);
    }

    public void Dispose() => channel.Dispose();

    private async Task<Reading> RunAsync(Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var service = new WorkflowService.WorkflowServiceClient(channel);
        var queue = $"raw-{Guid.NewGuid():n}";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var polls = Task.WhenAll(Enumerable.Range(0, Polls).Select(_ => Task.Run(() => WorkAsync(service, queue, stop.Token), CancellationToken.None)));
        var reading = await Load.WhileAsync(goesOn, AtOnce, _ => RunOneAsync(service, queue, cancellationToken));
        await stop.CancelAsync();
        await polls;
        return reading;
    }

    private async Task RunOneAsync(WorkflowService.WorkflowServiceClient service, string queue, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("n");
        var completed = open[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await service.StartWorkflowExecutionAsync(
            new()
            {
                Namespace = Namespace,
                WorkflowId = id,
                WorkflowType = new() { Name = "noop" },
                TaskQueue = new() { Name = queue },
                RequestId = id,
                Identity = "raw-driver",
            },
            cancellationToken: cancellationToken);
        await completed.Task;
    }

    private async Task WorkAsync(WorkflowService.WorkflowServiceClient service, string queue, CancellationToken stop)
    {
        var completion = new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var task = await service.PollWorkflowTaskQueueAsync(
                    new() { Namespace = Namespace, TaskQueue = new() { Name = queue }, Identity = "raw-driver" },
                    deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60),
                    cancellationToken: stop);
                if (task.TaskToken.IsEmpty)
                {
                    continue;
                }

                await service.RespondWorkflowTaskCompletedAsync(
                    new() { Namespace = Namespace, TaskToken = task.TaskToken, Identity = "raw-driver", Commands = { completion } }, cancellationToken: CancellationToken.None);
                if (open.TryRemove(task.WorkflowExecution.WorkflowId, out var waiting))
                {
                    waiting.SetResult();
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded)
            {
                // A long poll that ran out, or was called off.
            }
        }
    }
}
