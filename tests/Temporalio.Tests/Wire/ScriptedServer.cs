using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Tests.Execution;

namespace Temporalio.Tests.Wire;

/// <summary>Serves one run over real gRPC, so that client and worker are tested to the wire without a database.</summary>
internal sealed class ScriptedServer : WorkflowService.WorkflowServiceBase, IAsyncDisposable
{
    private readonly Channel<PollWorkflowTaskQueueResponse> workflowTasks = Channel.CreateUnbounded<PollWorkflowTaskQueueResponse>();
    private readonly Channel<PollActivityTaskQueueResponse> activityTasks = Channel.CreateUnbounded<PollActivityTaskQueueResponse>();
    private readonly TaskCompletionSource<HistoryEvent> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<HistoryEvent> events = [];
    private readonly Queue<HistoryEvent> held = [];
    private readonly Lock gate = new();
    private WebApplication? application;
    private bool taskPending;

    public string Address { get; private set; } = string.Empty;

    /// <summary>The activities that went out with the answer to a workflow task, because the worker had asked for that.</summary>
    public int Eager { get; private set; }

    /// <summary>What the worker sent last of each kind.</summary>
    public ConcurrentDictionary<System.Type, IMessage> Last { get; } = new();

    public static async Task<ScriptedServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new ScriptedServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(server);
        server.application = builder.Build();
        server.application.MapGrpcService<ScriptedServer>();
        await server.application.StartAsync(cancellationToken);
        server.Address = new Uri(server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;
        return server;
    }

    public async ValueTask DisposeAsync() => await application!.DisposeAsync();

    public override Task<GetSystemInfoResponse> GetSystemInfo(GetSystemInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetSystemInfoResponse { ServerVersion = "1.31.2", Capabilities = new() });

    public override Task<StartWorkflowExecutionResponse> StartWorkflowExecution(StartWorkflowExecutionRequest request, ServerCallContext context)
    {
        Write(new()
        {
            EventType = EventType.WorkflowExecutionStarted,
            WorkflowExecutionStartedEventAttributes = new() { WorkflowType = request.WorkflowType, TaskQueue = request.TaskQueue, Input = request.Input, OriginalExecutionRunId = "run" },
        });
        return Task.FromResult(new StartWorkflowExecutionResponse { RunId = "run", Started = true });
    }

    public override Task<SignalWorkflowExecutionResponse> SignalWorkflowExecution(SignalWorkflowExecutionRequest request, ServerCallContext context)
    {
        Write(new()
        {
            EventType = EventType.WorkflowExecutionSignaled,
            WorkflowExecutionSignaledEventAttributes = new() { SignalName = request.SignalName, Input = request.Input },
        });
        return Task.FromResult(new SignalWorkflowExecutionResponse());
    }

    public override async Task<PollWorkflowTaskQueueResponse> PollWorkflowTaskQueue(PollWorkflowTaskQueueRequest request, ServerCallContext context)
    {
        Last[request.GetType()] = request;
        if (request.TaskQueue.Kind == TaskQueueKind.Sticky)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }

        return await workflowTasks.Reader.ReadAsync(context.CancellationToken);
    }

    public override Task<RespondWorkflowTaskCompletedResponse> RespondWorkflowTaskCompleted(RespondWorkflowTaskCompletedRequest request, ServerCallContext context)
    {
        Last[request.GetType()] = request;
        var response = new RespondWorkflowTaskCompletedResponse();
        lock (gate)
        {
            Append(new()
            {
                EventType = EventType.WorkflowTaskCompleted,
                WorkflowTaskCompletedEventAttributes = new() { StartedEventId = events.Last(e => e.EventType == EventType.WorkflowTaskStarted).EventId },
            });
            foreach (var command in request.Commands)
            {
                var written = Append(CommandRecorder.EventOf(command, request.Messages));
                if (command.CompleteWorkflowExecutionCommandAttributes is { } completion)
                {
                    written.WorkflowExecutionCompletedEventAttributes.Result = completion.Result;
                    closed.TrySetResult(written);
                }
                else if (command.FailWorkflowExecutionCommandAttributes is { } failure)
                {
                    written.WorkflowExecutionFailedEventAttributes.Failure = failure.Failure;
                    closed.TrySetResult(written);
                }
                else if (command.ScheduleActivityTaskCommandAttributes is { } activity)
                {
                    var task = new PollActivityTaskQueueResponse
                    {
                        TaskToken = ByteString.CopyFromUtf8(written.EventId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        ActivityId = activity.ActivityId,
                        ActivityType = activity.ActivityType,
                        Input = activity.Input,
                        Attempt = 1,
                        ScheduledTime = new Timestamp(),
                        StartedTime = new Timestamp(),
                        WorkflowExecution = new() { WorkflowId = "workflow", RunId = "run" },
                    };
                    if (activity.RequestEagerExecution)
                    {
                        Eager++;
                        response.ActivityTasks.Add(task);
                    }
                    else
                    {
                        activityTasks.Writer.TryWrite(task);
                    }
                }
                else if (command.StartTimerCommandAttributes is { } timer)
                {
                    Write(new() { EventType = EventType.TimerFired, TimerFiredEventAttributes = new() { TimerId = timer.TimerId, StartedEventId = written.EventId } });
                }
            }

            taskPending = false;
            WriteHeld();
        }

        return Task.FromResult(response);
    }

    public override async Task<PollActivityTaskQueueResponse> PollActivityTaskQueue(PollActivityTaskQueueRequest request, ServerCallContext context)
    {
        Last[request.GetType()] = request;
        return await activityTasks.Reader.ReadAsync(context.CancellationToken);
    }

    public override Task<RespondActivityTaskCompletedResponse> RespondActivityTaskCompleted(RespondActivityTaskCompletedRequest request, ServerCallContext context)
    {
        Last[request.GetType()] = request;
        Write(new()
        {
            EventType = EventType.ActivityTaskCompleted,
            ActivityTaskCompletedEventAttributes = new() { ScheduledEventId = Scheduled(request.TaskToken), Result = request.Result },
        });
        return Task.FromResult(new RespondActivityTaskCompletedResponse());
    }

    public override Task<RespondActivityTaskFailedResponse> RespondActivityTaskFailed(RespondActivityTaskFailedRequest request, ServerCallContext context)
    {
        Write(new()
        {
            EventType = EventType.ActivityTaskFailed,
            ActivityTaskFailedEventAttributes = new() { ScheduledEventId = Scheduled(request.TaskToken), Failure = request.Failure, RetryState = RetryState.NonRetryableFailure },
        });
        return Task.FromResult(new RespondActivityTaskFailedResponse());
    }

    public override async Task<GetWorkflowExecutionHistoryResponse> GetWorkflowExecutionHistory(GetWorkflowExecutionHistoryRequest request, ServerCallContext context) =>
        new() { History = new() { Events = { await closed.Task.WaitAsync(context.CancellationToken) } } };

    private static long Scheduled(ByteString token) => long.Parse(token.ToStringUtf8(), System.Globalization.CultureInfo.InvariantCulture);

    private void Write(HistoryEvent historyEvent)
    {
        lock (gate)
        {
            // As in a real server, events wait while a task runs.
            if (taskPending)
            {
                held.Enqueue(historyEvent);
                return;
            }

            Append(historyEvent);
            if (closed.Task.IsCompleted)
            {
                return;
            }

            taskPending = true;
            Append(new() { EventType = EventType.WorkflowTaskScheduled, WorkflowTaskScheduledEventAttributes = new() });
            var started = Append(new() { EventType = EventType.WorkflowTaskStarted, WorkflowTaskStartedEventAttributes = new() });
            workflowTasks.Writer.TryWrite(new()
            {
                TaskToken = ByteString.CopyFromUtf8("task"),
                WorkflowExecution = new() { WorkflowId = "workflow", RunId = "run" },
                WorkflowType = events[0].WorkflowExecutionStartedEventAttributes.WorkflowType,
                StartedEventId = started.EventId,
                Attempt = 1,
                StartedTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                History = new() { Events = { events } },
            });
        }
    }

    private void WriteHeld()
    {
        if (held.Count > 0)
        {
            var last = held.Last();
            while (held.Dequeue() is var next && next != last)
            {
                Append(next);
            }

            Write(last);
        }
    }

    private HistoryEvent Append(HistoryEvent historyEvent)
    {
        historyEvent.EventId = events.Count + 1;
        historyEvent.EventTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        events.Add(historyEvent);
        return historyEvent;
    }
}
