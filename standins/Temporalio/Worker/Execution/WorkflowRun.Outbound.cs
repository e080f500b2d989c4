using Temporalio.Api.Command.V1;
using Temporalio.Worker.Execution.Commands;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

internal sealed partial class WorkflowRun
{
    private string NextSequence() => (++sequence).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Payload? Summary(string? text) => text is null ? null : PayloadConverter.ToPayload(text);

    private static Duration? Time(TimeSpan? time) => time is { } value ? Duration.FromTimeSpan(value) : null;

    private Payloads? Input(IReadOnlyCollection<object?> values) =>
        values.Count == 0 ? null : new Payloads { Payloads_ = { PayloadConverter.ToPayloads(values) } };

    /// <summary>The end of the outbound chain: it makes the commands.</summary>
    private sealed class Outbound(WorkflowRun run) : WorkflowOutboundInterceptor
    {
        public override ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) => new(input);

        public override async Task DelayAsync(DelayAsyncInput input)
        {
            var token = input.CancellationToken ?? run.CancellationToken;
            token.ThrowIfCancellationRequested();
            if (input.Delay == Timeout.InfiniteTimeSpan)
            {
                var never = new TaskCompletionSource();
                using var stop = token.Register(() => never.TrySetCanceled(token));
                await never.Task.ConfigureAwait(true);
                return;
            }

            // The server takes no timer of zero, and a delay must give other tasks a turn.
            var delay = input.Delay < TimeSpan.Zero
                ? throw new ArgumentException("Delay duration cannot be less than 0")
                : input.Delay < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : input.Delay;
            var timer = new TimerMachine(run.book, run.NextTimerId(), delay, run.Summary(input.Summary));
            run.timers[timer.TimerId] = timer;
            using var registration = token.Register(() => timer.Cancel(token));
            try
            {
                await timer.Task.ConfigureAwait(true);
            }
            finally
            {
                run.timers.Remove(timer.TimerId);
            }
        }

        public override async Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input)
        {
            var options = input.Options;
            if (options.StartToCloseTimeout is null && options.ScheduleToCloseTimeout is null)
            {
                throw new ArgumentException("Activity options must have StartToCloseTimeout or ScheduleToCloseTimeout");
            }

            var token = options.CancellationToken ?? run.CancellationToken;
            if (token.IsCancellationRequested)
            {
                throw new CanceledFailureException("Activity cancelled before scheduled");
            }

            var attributes = new ScheduleActivityTaskCommandAttributes
            {
                ActivityId = options.ActivityId ?? run.NextActivityId(),
                ActivityType = new() { Name = input.Activity },
                TaskQueue = new() { Name = options.TaskQueue ?? run.Info.TaskQueue },
                Header = Client.Requests.Header(input.Headers),
                Input = run.Input(input.Args),
                ScheduleToCloseTimeout = Time(options.ScheduleToCloseTimeout),
                ScheduleToStartTimeout = Time(options.ScheduleToStartTimeout),
                StartToCloseTimeout = Time(options.StartToCloseTimeout),
                HeartbeatTimeout = Time(options.HeartbeatTimeout),
                RetryPolicy = options.RetryPolicy?.ToProto(),
                Priority = options.Priority?.ToProto(),
                // Work on the workflow's own queue is for workers of the workflow's own build.
                UseWorkflowBuildId = (options.TaskQueue ?? run.Info.TaskQueue) == run.Info.TaskQueue,
            };
            var machine = new ActivityMachine(run.book, attributes, run.Summary(options.Summary), options.CancellationType, (id, activity) => run.activities[id] = activity);
            using var registration = token.Register(machine.Cancel);
            return run.Value<TResult>(await machine.Task.ConfigureAwait(true));
        }

        public override async Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input)
        {
            var options = input.Options;
            if (options.StartToCloseTimeout is null && options.ScheduleToCloseTimeout is null)
            {
                throw new ArgumentException("Local activity options must have StartToCloseTimeout or ScheduleToCloseTimeout");
            }

            var token = options.CancellationToken ?? run.CancellationToken;
            if (token.IsCancellationRequested)
            {
                throw new CanceledFailureException("Activity cancelled before scheduled");
            }

            var id = ++run.localSequence;
            var machine = new LocalActivityMachine(
                run.book,
                id,
                options.ActivityId ?? id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                new(input.Activity, [.. run.PayloadConverter.ToPayloads(input.Args)], options, run.UtcNow, input.Headers));
            run.localActivities.Add(id, machine);
            using var registration = token.Register(machine.Cancellation.Cancel);
            return run.Value<TResult>(await machine.Task.ConfigureAwait(true));
        }

        public override Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) => run.SignalAsync(
            new()
            {
                Execution = new() { WorkflowId = input.Id },
                SignalName = input.Signal,
                Input = run.Input(input.Args),
                ChildWorkflowOnly = true,
                Header = Client.Requests.Header(input.Headers),
            },
            input.Options?.CancellationToken);

        public override Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) => run.SignalAsync(
            new()
            {
                Execution = new() { WorkflowId = input.Id, RunId = input.RunId ?? string.Empty },
                SignalName = input.Signal,
                Input = run.Input(input.Args),
                Header = Client.Requests.Header(input.Headers),
            },
            input.Options?.CancellationToken);

        public override async Task CancelExternalWorkflowAsync(CancelExternalWorkflowInput input)
        {
            var machine = ExternalMachine.Cancellation(
                run.book,
                new() { WorkflowId = input.Id, RunId = input.RunId ?? string.Empty },
                (id, external) => run.externals[id] = external);
            await machine.Task.ConfigureAwait(true);
        }

        public override async Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input)
        {
            var token = input.Options.CancellationToken ?? run.CancellationToken;
            if (token.IsCancellationRequested)
            {
                throw new CanceledFailureException("Child workflow cancelled before it was started");
            }

            var machine = new ChildWorkflowMachine(
                run.book,
                run.Info.Namespace,
                ChildCommands.Attributes(input, run),
                ChildCommands.Metadata(input.Options, run.PayloadConverter),
                input.Options.CancellationType,
                (id, child) => run.children[id] = child);
            machine.CancelInitiated = id => run.cancelledChildren[id] = machine;
            var registration = token.Register(machine.Cancel);
            var runId = await machine.Started.ConfigureAwait(true);
            return new ChildHandle<TWorkflow, TResult>(run, machine, runId, registration);
        }
    }
}
