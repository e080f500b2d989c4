namespace Temporalio.Worker.Execution.Commands;

/// <summary>A timer: started, then fired or cancelled.</summary>
internal sealed class TimerMachine
{
    private readonly CommandBook book;
    private readonly PendingCommand start;
    private readonly TaskCompletionSource fired = new();
    private PendingCommand? cancel;

    public TimerMachine(CommandBook book, string timerId, TimeSpan delay, Payload? summary)
    {
        this.book = book;
        TimerId = timerId;
        start = new(
            new()
            {
                CommandType = CommandType.StartTimer,
                StartTimerCommandAttributes = new() { TimerId = timerId, StartToFireTimeout = Duration.FromTimeSpan(delay) },
                UserMetadata = summary is null ? null : new() { Summary = summary },
            },
            EventType.TimerStarted,
            $"StartTimer(id {timerId})")
        {
            Matches = e => e.TimerStartedEventAttributes.TimerId == timerId,
        };
        book.Add(start);
    }

    public string TimerId { get; }

    public Task Task => fired.Task;

    public void Fire()
    {
        book.Withdraw(cancel);
        fired.TrySetResult();
    }

    public void Cancel(CancellationToken token)
    {
        if (!fired.TrySetCanceled(token) || book.Withdraw(start))
        {
            return;
        }

        cancel = new(
            new() { CommandType = CommandType.CancelTimer, CancelTimerCommandAttributes = new() { TimerId = TimerId } },
            EventType.TimerCanceled,
            $"CancelTimer(id {TimerId})")
        {
            Matches = e => e.TimerCanceledEventAttributes.TimerId == TimerId,
        };
        book.Add(cancel);
    }
}
