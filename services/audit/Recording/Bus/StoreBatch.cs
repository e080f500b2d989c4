using MassTransit;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>Stores what the bus delivers; a message is acknowledged once it is committed.</summary>
internal sealed partial class StoreBatch(AppendEvents appendEvents, DeadLetterQueue deadLetters, TimeProvider clock, ILogger<StoreBatch> logger) : IConsumer<Batch<BusMessages>>
{
    // Forty seconds.
    private const int MostPublishes = 9;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public async Task Consume(ConsumeContext<Batch<BusMessages>> context)
    {
        var messages = context.Message.SelectMany(together => together.Message.Read());
        using var spans = new ConsumeSpans(messages);
        var events = new List<IncomingEvent>();
        var dead = new List<DeadLetter>();
        foreach (var message in messages)
        {
            if (IncomingEvent.TryRead(message.Body, out var incoming, out var reason))
            {
                events.Add(incoming!);
            }
            else
            {
                dead.Add(new DeadLetter(reason, message.Body.ToArray()));
            }
        }

        await StoreAsync(events, dead, context.CancellationToken);
    }

    /// <summary>Stores what a batch brought; ends once it may be acknowledged.</summary>
    internal async Task StoreAsync(List<IncomingEvent> events, List<DeadLetter> dead, CancellationToken cancellationToken)
    {
        (int Stored, int Known, IReadOnlyList<DeadLetter> Dead) outcome = (0, 0, []);

        // A database that is away is waited for: the messages stay with the broker, and none is given up.
        await TryAsync(
            async () => outcome = await StoreApart.ExecuteAsync(appendEvents, events, dead, cancellationToken), events.Count + dead.Count, int.MaxValue, cancellationToken);

        // The table has them: a queue that never takes them, as one that is full may, must not stop what has nothing to do with it.
        if (!await TryAsync(() => deadLetters.PublishAsync(outcome.Dead, cancellationToken), outcome.Dead.Count, MostPublishes, cancellationToken))
        {
            Log.NotPublished(logger, outcome.Dead.Count);
        }

        Log.Stored(logger, outcome.Stored, outcome.Known, outcome.Dead.Count);
    }

    private async Task<bool> TryAsync(Func<Task> act, int count, int mostAttempts, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; attempt <= mostAttempts; attempt++)
        {
            try
            {
                await act();
                return true;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.NotStored(logger, count, exception);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Stored {Stored} events; {Known} were known, {Refused} went to the dead letters")]
        public static partial void Stored(ILogger logger, int stored, int known, int refused);

        [LoggerMessage(Level = LogLevel.Error, Message = "The queue of dead letters did not take {Count} messages, which are in the table dead_letter alone; ListDeadLetters shows them")]
        public static partial void NotPublished(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not store {Count} messages; retrying")]
        public static partial void NotStored(ILogger logger, int count, Exception exception);
    }
}
