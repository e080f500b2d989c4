using MassTransit;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>Stores what the bus delivers; a message is acknowledged once it is committed.</summary>
internal sealed partial class StoreBatch(AppendEvents appendEvents, DeadLetterQueue deadLetters, TimeProvider clock, ILogger<StoreBatch> logger) : IConsumer<Batch<BusMessages>>
{
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

    private async Task StoreAsync(List<IncomingEvent> events, List<DeadLetter> dead, CancellationToken cancellationToken)
    {
        (int Stored, int Known, IReadOnlyList<DeadLetter> Dead) outcome = (0, 0, []);
        await InsistAsync(async () => outcome = await StoreApart.ExecuteAsync(appendEvents, events, dead, cancellationToken), events.Count + dead.Count, cancellationToken);

        // By itself: what is stored need not be stored again for what the broker does not take, nor be counted again.
        await InsistAsync(() => deadLetters.PublishAsync(outcome.Dead, cancellationToken), outcome.Dead.Count, cancellationToken);
        Log.Stored(logger, outcome.Stored, outcome.Known, outcome.Dead.Count);
    }

    // A database or a broker that is away is waited for: the messages stay with the broker, and none is given up.
    private async Task InsistAsync(Func<Task> act, int count, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.NotStored(logger, count, exception);
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Stored {Stored} events; {Known} were known, {Refused} went to the dead letters")]
        public static partial void Stored(ILogger logger, int stored, int known, int refused);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not store {Count} messages; retrying")]
        public static partial void NotStored(ILogger logger, int count, Exception exception);
    }
}
