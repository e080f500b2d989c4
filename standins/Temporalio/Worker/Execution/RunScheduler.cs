namespace Temporalio.Worker.Execution;

/// <summary>Runs the tasks of one run one after another, in the order in which they became ready.</summary>
internal abstract class RunScheduler : TaskScheduler
{
    private readonly LinkedList<Task> ready = new();
    private readonly LinkedList<(Func<bool> Check, TaskCompletionSource<bool> Source)> conditions = new();

    private volatile int enteredThread;
    private int steps;

    /// <summary>Whether a thread is in the workflow's code now, and how many steps have ended: no further step is a sign of a deadlock.</summary>
    public (bool Running, int Steps) Progress => (enteredThread != 0, Volatile.Read(ref steps));

    public override int MaximumConcurrencyLevel => 1;

    protected LinkedListNode<(Func<bool> Check, TaskCompletionSource<bool> Source)> AddCondition(Func<bool> check, TaskCompletionSource<bool> source) =>
        conditions.AddLast((check, source));

    protected void RemoveCondition(LinkedListNode<(Func<bool> Check, TaskCompletionSource<bool> Source)> node)
    {
        if (node.List is not null)
        {
            conditions.Remove(node);
        }
    }

    /// <summary>Runs until no task is ready and no condition holds that did not hold before.</summary>
    protected void RunUntilIdle()
    {
        do
        {
            while (ready.First is { } next)
            {
                ready.RemoveFirst();
                TryExecuteTask(next.Value);
                Interlocked.Increment(ref steps);
                if (MustStop)
                {
                    return;
                }
            }
        }
        while (FulfilOneCondition());
    }

    /// <summary>Lets the calling thread, and no other, run and queue tasks of the workflow.</summary>
    protected void Enter(Action action)
    {
        // An await prefers the thread's synchronization context, where it has one, to the task scheduler.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        enteredThread = Environment.CurrentManagedThreadId;
        try
        {
            action();
        }
        finally
        {
            enteredThread = 0;
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Called when a task comes back from another thread: the workflow has left its scheduler.</summary>
    protected abstract void Escaped();

    /// <summary>Whether the task has failed, so that nothing more may run.</summary>
    protected abstract bool MustStop { get; }

    /// <summary>Calls a function that may only look at the workflow.</summary>
    protected abstract T ReadOnly<T>(Func<T> function);

    protected override IEnumerable<Task> GetScheduledTasks() => ready;

    protected override void QueueTask(Task task)
    {
        if (enteredThread != Environment.CurrentManagedThreadId)
        {
            Escaped();
            return;
        }

        ready.AddLast(task);
    }

    protected override bool TryDequeue(Task task) => ready.Remove(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        // Another thread must not run a task of the workflow.
        if (Current != this)
        {
            return false;
        }

        return (!taskWasPreviouslyQueued || ready.Remove(task)) && TryExecuteTask(task);
    }

    private bool FulfilOneCondition()
    {
        for (var node = conditions.First; node is not null; node = node.Next)
        {
            if (ReadOnly(node.Value.Check))
            {
                conditions.Remove(node);
                node.Value.Source.TrySetResult(true);
                return true;
            }
        }

        return false;
    }
}
