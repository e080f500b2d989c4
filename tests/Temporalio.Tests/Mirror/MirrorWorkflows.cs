using System.Text.Json;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Mirror;

/// <summary>The conformance suite's workflows, under the names that they have there.</summary>
internal static class MirrorWorkflows
{
    /// <summary>Adds all of them to a worker.</summary>
    public static void AddTo(TemporalWorkerOptions options) => options
        .AddWorkflow<NoopWorkflow>().AddWorkflow<WaitGoWorkflow>().AddWorkflow<FailAfterGoWorkflow>().AddWorkflow<HangsWorkflow>().AddWorkflow<FailsUntilWorkflow>().AddWorkflow<CronStepWorkflow>()
        .AddWorkflow<RunActivityWorkflow>().AddWorkflow<TryActivityWorkflow>().AddWorkflow<ManyActivitiesWorkflow>().AddWorkflow<CancelActivityWorkflow>().AddWorkflow<CancelledInActivityWorkflow>()
        .AddWorkflow<RunLocalActivityWorkflow>().AddWorkflow<TimerWorkflow>().AddWorkflow<CancelledTimerWorkflow>().AddWorkflow<ManyTimersWorkflow>().AddWorkflow<TimerOrSignalWorkflow>()
        .AddWorkflow<CollectWorkflow>().AddWorkflow<LateHandlerWorkflow>().AddWorkflow<QueriedWorkflow>().AddWorkflow<UpdatedWorkflow>().AddWorkflow<RunChildWorkflow>().AddWorkflow<TryChildWorkflow>()
        .AddWorkflow<CancelsChildWorkflow>().AddWorkflow<LeavesChildWorkflow>().AddWorkflow<SignalsOtherWorkflow>().AddWorkflow<CancelsOtherWorkflow>().AddWorkflow<CounterWorkflow>()
        .AddWorkflow<MovesWorkflow>().AddWorkflow<UpsertsWorkflow>().AddWorkflow<PatchingWorkflow>().AddWorkflow<IgnoresCancelWorkflow>()
        .AddWorkflow<TryLocalActivityWorkflow>().AddWorkflow<SequenceWorkflow>().AddWorkflow<TwoActivitiesWorkflow>().AddWorkflow<MutableWorkflow>().AddWorkflow<EvolvesWorkflow>();

    /// <summary>Adds the workflows of a later deployment: the same names with other code.</summary>
    public static void AddChangedTo(TemporalWorkerOptions options)
    {
        options.Workflows.Clear();
        options.AddWorkflow<ChangedMutableWorkflow>().AddWorkflow<ChangedEvolvesWorkflow>().AddWorkflow<ChangedPatchingWorkflow>();
    }

    /// <summary>Activity options as the suite's workflows get them: in JSON, with durations like <c>5s</c>.</summary>
    public static ActivityOptions Activity(JsonElement given) => new()
    {
        TaskQueue = Text(given, "taskQueue"),
        StartToCloseTimeout = Time(given, "startToCloseTimeout"),
        ScheduleToStartTimeout = Time(given, "scheduleToStartTimeout"),
        ScheduleToCloseTimeout = Time(given, "scheduleToCloseTimeout"),
        HeartbeatTimeout = Time(given, "heartbeatTimeout"),
        RetryPolicy = Retry(given),
    };

    public static LocalActivityOptions LocalActivity(JsonElement given) => new() { StartToCloseTimeout = Time(given, "startToCloseTimeout"), RetryPolicy = Retry(given) };

    public static Common.RetryPolicy? Retry(JsonElement given)
    {
        if (!given.TryGetProperty("retry", out var retry))
        {
            return null;
        }

        var policy = new Common.RetryPolicy { MaximumInterval = Time(retry, "maximumInterval"), MaximumAttempts = retry.TryGetProperty("maximumAttempts", out var most) ? most.GetInt32() : 0 };
        policy.NonRetryableErrorTypes = retry.TryGetProperty("nonRetryableErrorTypes", out var types) ? [.. types.EnumerateArray().Select(type => type.GetString()!)] : null;
        policy.InitialInterval = Time(retry, "initialInterval") ?? policy.InitialInterval;
        return policy;
    }

    public static string? Text(JsonElement given, string name) => given.TryGetProperty(name, out var text) ? text.GetString() : null;

    public static TimeSpan? Time(JsonElement given, string name) => Text(given, name) is not { } text ? null
        : text.EndsWith("ms", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(int.Parse(text[..^2], System.Globalization.CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture));
}

[Workflow("noop")]
public sealed class NoopWorkflow
{
    [WorkflowRun]
    public Task<JsonElement?> RunAsync(JsonElement? given = null) => Task.FromResult(given);
}

/// <summary>Waits for the signal to go on.</summary>
public abstract class GoingWorkflow
{
    protected JsonElement? Got { get; private set; }

    protected bool Went { get; private set; }

    [WorkflowSignal("go")]
    public Task GoAsync(JsonElement? given = null)
    {
        (Got, Went) = (given, true);
        return Task.CompletedTask;
    }

    protected Task WentAsync() => Workflow.WaitConditionAsync(() => Went);
}

[Workflow("waitGo")]
public sealed class WaitGoWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync()
    {
        await WentAsync();
        return Got;
    }
}

[Workflow("ignoresCancel")]
public sealed class IgnoresCancelWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync()
    {
        await Workflow.WaitConditionAsync(() => Went, CancellationToken.None);
        return Got;
    }
}

[Workflow("failAfterGo")]
public sealed class FailAfterGoWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task RunAsync(string message)
    {
        await WentAsync();
        throw new Exceptions.ApplicationFailureException(message, errorType: "ChildFailed", nonRetryable: true);
    }
}

[Workflow("hangs")]
public sealed class HangsWorkflow
{
    [WorkflowRun]
    public Task RunAsync() => Workflow.WaitConditionAsync(() => false);
}

[Workflow("failsUntil")]
public sealed class FailsUntilWorkflow
{
    [WorkflowRun]
    public Task<Dictionary<string, object?>> RunAsync(int attempt) => Workflow.Info.Attempt < attempt
        ? throw new Exceptions.ApplicationFailureException($"attempt {Workflow.Info.Attempt}", errorType: "Again")
        : Task.FromResult(new Dictionary<string, object?> { ["attempt"] = Workflow.Info.Attempt, ["lastFailure"] = Workflow.Info.LastFailure?.Message });
}

[Workflow("cronStep")]
public sealed class CronStepWorkflow
{
    [WorkflowRun]
    public Task<Dictionary<string, object?>> RunAsync() => Task.FromResult(new Dictionary<string, object?> { ["last"] = null });
}

[Workflow("timer")]
public sealed class TimerWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync(int milliseconds)
    {
        await Workflow.DelayAsync(milliseconds);
        return "fired";
    }
}

[Workflow("cancelledTimer")]
public sealed class CancelledTimerWorkflow
{
    [WorkflowRun]
    public async Task<Dictionary<string, bool>> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        var timer = Workflow.DelayAsync(60_000, stop.Token);
        await Workflow.DelayAsync(100);
        stop.Cancel();
        try
        {
            await timer;
            return [];
        }
        catch (Exception e) when (Exceptions.TemporalException.IsCanceledException(e))
        {
            return new() { ["cancellation"] = true };
        }
    }
}

[Workflow("manyTimers")]
public sealed class ManyTimersWorkflow
{
    [WorkflowRun]
    public async Task<int> RunAsync(int count, int milliseconds)
    {
        await Workflow.WhenAllAsync(Enumerable.Range(0, count).Select(_ => Workflow.DelayAsync(milliseconds)));
        return count;
    }
}

[Workflow("timerOrSignal")]
public sealed class TimerOrSignalWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<string> RunAsync(int milliseconds) => await Workflow.WaitConditionAsync(() => Went, milliseconds) ? "signal" : "timer";
}

[Workflow("collect")]
public sealed class CollectWorkflow
{
    private readonly List<JsonElement> items = [];

    [WorkflowRun]
    public async Task<List<JsonElement>> RunAsync(int count)
    {
        await Workflow.WaitConditionAsync(() => items.Count >= count);
        return items;
    }

    [WorkflowSignal("add")]
    public Task AddAsync(JsonElement item)
    {
        items.Add(item);
        return Task.CompletedTask;
    }
}

[Workflow("lateHandler")]
public sealed class LateHandlerWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<List<JsonElement>> RunAsync(int count)
    {
        await WentAsync();
        var items = new List<JsonElement>();
        Workflow.Signals["add"] = WorkflowSignalDefinition.CreateWithoutAttribute("add", (JsonElement item) =>
        {
            items.Add(item);
            return Task.CompletedTask;
        });
        await Workflow.WaitConditionAsync(() => items.Count >= count);
        return items;
    }
}

[Workflow("queried")]
public sealed class QueriedWorkflow : GoingWorkflow
{
    [WorkflowRun]
    public async Task<JsonElement?> RunAsync()
    {
        await WentAsync();
        return Got;
    }

    [WorkflowQuery("state")]
    public Dictionary<string, object?> State(JsonElement? given = null)
    {
        if (given is { ValueKind: JsonValueKind.String })
        {
            throw new InvalidOperationException("query refused");
        }

        var state = new Dictionary<string, object?> { ["step"] = Went ? "finished" : "started" };
        if (Went)
        {
            state["got"] = Got;
        }

        if (given is { } echo)
        {
            state["echo"] = echo;
        }

        return state;
    }
}

[Workflow("updated")]
public sealed class UpdatedWorkflow : GoingWorkflow
{
    private readonly List<JsonElement> log = [];

    [WorkflowRun]
    public async Task<List<JsonElement>> RunAsync()
    {
        await WentAsync();
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        return log;
    }

    [WorkflowUpdate("change")]
    public async Task<Dictionary<string, object?>> ChangeAsync(JsonElement asked)
    {
        if (asked.TryGetProperty("fail", out _))
        {
            throw new Exceptions.ApplicationFailureException("update failed", errorType: "UpdateFailed", nonRetryable: true, details: ["why"]);
        }

        if (MirrorWorkflows.Text(asked, "wait") is { } wanted)
        {
            await Workflow.WaitConditionAsync(() => log.Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == wanted));
        }

        log.Add(MirrorWorkflows.Text(asked, "activity") is { } activity
            ? await Workflow.ExecuteActivityAsync<JsonElement>(activity, [asked.GetProperty("value")], new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) })
            : asked.GetProperty("value"));
        return new() { ["sum"] = log.Count, ["value"] = asked.GetProperty("value") };
    }

    [WorkflowUpdateValidator(nameof(ChangeAsync))]
    public void Validate(JsonElement asked)
    {
        if (asked.TryGetProperty("reject", out _))
        {
            throw new Exceptions.ApplicationFailureException("update refused", errorType: "Refused", nonRetryable: true);
        }
    }

    [WorkflowQuery("state")]
    public IReadOnlyList<JsonElement> State() => log;

    [WorkflowSignal("add")]
    public Task AddAsync(JsonElement item)
    {
        log.Add(item);
        return Task.CompletedTask;
    }
}
