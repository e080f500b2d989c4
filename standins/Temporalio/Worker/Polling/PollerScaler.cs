using Temporalio.Api.TaskQueue.V1;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>How many polls may be under way: a fixed number, or one that follows the tasks.</summary>
internal sealed class PollerScaler
{
    private readonly int minimum;
    private readonly bool scales;
    private readonly Lock gate = new();
    private int target;
    private TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PollerScaler(PollerBehavior behavior)
    {
        (minimum, Most, target, scales) = behavior switch
        {
            PollerBehavior.Autoscaling scaling => (Math.Max(1, scaling.Minimum), Math.Max(1, scaling.Maximum), scaling.Initial, true),
            PollerBehavior.SimpleMaximum simple => (Math.Max(1, simple.Maximum), Math.Max(1, simple.Maximum), simple.Maximum, false),
            _ => throw new ArgumentException($"Unknown poller behavior {behavior}", nameof(behavior)),
        };
        target = Math.Clamp(target, minimum, Most);
    }

    /// <summary>The most polls that there can be.</summary>
    public int Most { get; }

    public int Target
    {
        get
        {
            lock (gate)
            {
                return target;
            }
        }
    }

    /// <summary>Returns once the poller with this number may poll.</summary>
    public async Task AllowedAsync(int number, CancellationToken stop)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (number < target)
                {
                    return;
                }

                change = raised.Task;
            }

            await change.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Takes an answer's advice; without one, a task asks for one poll more and an empty answer for one fewer.</summary>
    public void Answered(bool withTask, PollerScalingDecision? decision)
    {
        if (!scales)
        {
            return;
        }

        lock (gate)
        {
            var wanted = Math.Clamp(target + (decision?.PollRequestDeltaSuggestion ?? (withTask ? 1 : -1)), minimum, Most);
            if (wanted > target)
            {
                var waiting = raised;
                raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.SetResult();
            }

            target = wanted;
        }
    }
}
